package org.attention4j.examples.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableTable;
import org.junit.jupiter.api.Test;

/** How tables are put into documents. */
class SupportTableMergeTest {
    private static final SupportTable NOW = new SupportTable(
            "kind",
            ImmutableTable.<String, String, String>builder()
                    .put("a", "reference", "decomposed")
                    .put("b", "reference", "decomposed")
                    .buildOrThrow());

    @Test
    void rowsKeepTheirOrder() {
        assertEquals("""
            | kind | reference |
            | --- | --- |
            | a | decomposed |
            | b | decomposed |
            """, NOW.markdown());
    }

    @Test
    void columnsOfBackendsThatAreNotHereStay() {
        String before = """
            | kind | other | reference |
            | --- | --- | --- |
            | a | `fast` + `faster` | `old` |
            | gone | `fast` | `old` |
            """;
        assertEquals("""
            | kind | other | reference |
            | --- | --- | --- |
            | a | `fast` + `faster` | decomposed |
            | b | ? | decomposed |
            """, NOW.withColumnsOf(before).markdown());
    }

    @Test
    void anEmptySectionHasNoColumns() {
        assertEquals(NOW, NOW.withColumnsOf(""));
    }

    @Test
    void onlyTheSectionIsReplaced() {
        String text = "before\n<!-- x:begin -->\nold\n<!-- x:end -->\nafter\n";
        MarkedSection section = MarkedSection.find(text, "x");
        assertEquals("old\n", section.content());
        assertEquals("before\n<!-- x:begin -->\nnew\n<!-- x:end -->\nafter\n", section.replaceBy("new\n"));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> MarkedSection.find(text, "y"));
        assertEquals("no section between the markers y:begin and y:end", e.getMessage());
    }
}
