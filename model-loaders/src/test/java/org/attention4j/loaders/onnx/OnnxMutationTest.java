package org.attention4j.loaders.onnx;

import static org.attention4j.loaders.BadInput.assertOneLine;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.onnx.proto.ModelProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that are nearly right, of all kinds of operators: each is imported or refused with one line, soon. */
class OnnxMutationTest {
    private static final int MUTATIONS = 150;
    private static final long SEED = 11;

    static Stream<String> samples() {
        return ImportSamples.all().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void samplesAreImported(String name) {
        OnnxImport.importModel(model(name), file(name), ImmutableMap.of());
    }

    @ParameterizedTest
    @MethodSource("samples")
    @Timeout(20)
    void changedModelsAreImportedOrRefused(String name) {
        ModelProto valid = model(name);
        MessageMutator mutator = new MessageMutator(SEED, words());
        for (int i = 0; i < MUTATIONS; i++) {
            ModelProto changed = (ModelProto) mutator.change(valid);
            try {
                OnnxImport.importModel(changed, file(name), ImmutableMap.of());
            } catch (ModelFormatException e) {
                String message = assertOneLine(e);
                assertFalse(message.endsWith(": null") || message.contains("Exception"), message);
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError("mutation %d of %s: %s%n%s".formatted(i, name, e, changed), e);
            }
        }
    }

    /** Changes that change nothing, or make nothing but nonsense, would try nothing. */
    @Test
    void someChangesAreImportedAndSomeRefused() {
        for (String name : Iterables.limit(ImportSamples.all().keySet(), 4)) {
            MessageMutator mutator = new MessageMutator(3, words());
            Set<Boolean> seen = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                ModelProto changed = (ModelProto) mutator.change(model(name));
                try {
                    OnnxImport.importModel(changed, file(name), ImmutableMap.of());
                    seen.add(true);
                } catch (ModelFormatException e) {
                    seen.add(false);
                }
            }
            assertTrue(seen.size() == 2, name + ": " + seen);
        }
    }

    private static ModelProto model(String name) {
        return ImportSamples.all().getOrDefault(name, ModelProto.getDefaultInstance());
    }

    private static Path file(String name) {
        return Path.of(name + ".onnx");
    }

    /** Operators of the samples: a node may become one of another sample. */
    private static List<String> words() {
        return ImportSamples.all().values().stream()
                .flatMap(m -> m.getGraph().getNodeList().stream())
                .map(n -> n.getOpType())
                .distinct()
                .toList();
    }
}
