package org.attention4j.loaders.chat.jinja;

import com.google.common.collect.ImmutableMap;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A test of Jinja2 in Jinjava's registry. */
record PythonTest(String name, Body body) implements ExpTest {
    /** What a test says of a value. */
    @FunctionalInterface
    interface Body {
        boolean test(FilterScope scope, Object value, Arguments arguments);
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public boolean evaluate(Object value, JinjavaInterpreter interpreter, Object... arguments) {
        FilterScope scope = ((PythonInterpreter) interpreter).filterScope();
        return body.test(scope, value, new Arguments("test " + name, Arrays.asList(arguments), Map.of()));
    }

    /** All of them, by name. */
    static ImmutableMap<String, Body> all() {
        ImmutableMap.Builder<String, Body> tests = ImmutableMap.<String, Body>builder()
                .put("boolean", (s, v, a) -> v instanceof Boolean)
                .put("callable", (s, v, a) -> v instanceof Callable)
                .put("defined", (s, v, a) -> !(v instanceof Undefined))
                .put("divisibleby", (s, v, a) -> remainder(v, a.integer(0, "num")) == 0)
                .put("even", (s, v, a) -> remainder(v, 2) == 0)
                .put("false", (s, v, a) -> v.equals(false))
                .put("float", (s, v, a) -> v instanceof Double)
                .put("in", (s, v, a) -> s.ordering().contains(a.get(0, "seq"), v))
                .put("integer", (s, v, a) -> v instanceof Long)
                .put("iterable", (s, v, a) -> isSequence(v) || v instanceof Generated)
                .put("lower", (s, v, a) -> s.text(v).equals(LetterCase.lower(s.text(v))))
                .put("mapping", (s, v, a) -> v instanceof Map)
                .put("none", (s, v, a) -> v == None.NONE)
                .put("number", (s, v, a) -> Ordering.isNumber(v))
                .put("odd", (s, v, a) -> remainder(v, 2) == 1)
                .put(
                        "sameas",
                        (s, v, a) ->
                                Ordering.isSame(v, a.get(0, "other")) || (isScalar(v) && v.equals(a.get(0, "other"))))
                .put("sequence", (s, v, a) -> isSequence(v))
                .put("string", (s, v, a) -> v instanceof String)
                .put("true", (s, v, a) -> v.equals(true))
                .put("undefined", (s, v, a) -> v instanceof Undefined)
                .put("upper", (s, v, a) -> s.text(v).equals(LetterCase.upper(s.text(v))));
        comparison(tests, (s, v, a) -> s.ordering().areEqual(v, a.get(0, "other")), "eq", "equalto", "==");
        comparison(tests, (s, v, a) -> !s.ordering().areEqual(v, a.get(0, "other")), "ne", "!=");
        comparison(tests, (s, v, a) -> s.ordering().compare(v, a.get(0, "other")) < 0, "lt", "lessthan", "<");
        comparison(tests, (s, v, a) -> s.ordering().compare(v, a.get(0, "other")) <= 0, "le", "<=");
        comparison(tests, (s, v, a) -> s.ordering().compare(v, a.get(0, "other")) > 0, "gt", "greaterthan", ">");
        comparison(tests, (s, v, a) -> s.ordering().compare(v, a.get(0, "other")) >= 0, "ge", ">=");
        return tests.buildOrThrow();
    }

    private static void comparison(ImmutableMap.Builder<String, Body> tests, Body body, String... names) {
        for (String name : names) {
            tests.put(name, body);
        }
    }

    private static long remainder(Object value, long divisor) {
        if (divisor == 0) {
            throw new TemplateFailure("divisibleby: got 0, expected another number");
        }
        return Math.floorMod(Arithmetic.toLong(value), divisor);
    }

    private static boolean isSequence(Object value) {
        return value instanceof String || value instanceof List || value instanceof Map || value instanceof Undefined;
    }

    private static boolean isScalar(Object value) {
        return value instanceof Boolean || value instanceof Long || value instanceof Double;
    }
}
