package org.attention4j.loaders.chat.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.AdvancedFilter;
import java.util.Arrays;
import java.util.Map;

/** A filter of Jinja2 in Jinjava's registry. */
record PythonFilter(String name, Body body) implements AdvancedFilter {
    /** What a filter does. */
    @FunctionalInterface
    interface Body {
        Object apply(FilterScope scope, Object value, Arguments arguments);
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Object filter(Object value, JinjavaInterpreter interpreter, Object[] arguments, Map<String, Object> named) {
        FilterScope scope = ((PythonInterpreter) interpreter).filterScope();
        return body.apply(scope, value, new Arguments("filter " + name, Arrays.asList(arguments), named));
    }
}
