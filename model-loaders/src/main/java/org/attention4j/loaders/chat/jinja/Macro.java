package org.attention4j.loaders.chat.jinja;

import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A macro, or the body of a {@code call} block: text with parameters. It sees the variables where it is written. */
final class Macro implements Callable {
    private final Header header;
    private final List<Node> body;
    private final PythonInterpreter definedIn;
    private final Context context;

    Macro(Header header, List<Node> body, PythonInterpreter definedIn) {
        this.header = header;
        this.body = body;
        this.definedIn = definedIn;
        this.context = definedIn.getContext();
    }

    /** A parameter and its default value. */
    record Parameter(String name, Optional<Expression> fallback) {}

    /** A name and parameters. */
    record Header(String name, List<Parameter> parameters) {
        private static final int MAX_TOKENS = 1000;

        /** What stands in the tag {@code macro}. */
        static Header parse(String text) {
            TokenStream tokens = new TokenStream(text, MAX_TOKENS);
            String name = tokens.takeAnyName("the name of the macro");
            Header header = new Header(name, parameters(tokens));
            tokens.expectEnd();
            return header;
        }

        /** Parameters in brackets. */
        static List<Parameter> parameters(TokenStream tokens) {
            tokens.expectOperator("(");
            List<Parameter> parameters = new ArrayList<>();
            while (!tokens.takeOperator(")")) {
                String name = tokens.takeAnyName("the name of a parameter");
                Optional<Expression> fallback = tokens.takeOperator("=")
                        ? Optional.of(new ExpressionParser(tokens).expression())
                        : Optional.empty();
                parameters.add(new Parameter(name, fallback));
                if (!tokens.peek().isOperator(")")) {
                    tokens.expectOperator(",");
                }
            }
            return parameters;
        }
    }

    @Override
    public Object call(Arguments arguments) {
        definedIn.budget().enter();
        int line = definedIn.getLineNumber();
        PythonInterpreter inside = definedIn.inside(context);
        bind(arguments, inside);
        String text = inside.render(body);
        definedIn.setLineNumber(line);
        definedIn.budget().leave();
        return text;
    }

    private void bind(Arguments arguments, PythonInterpreter inside) {
        List<Object> positional = arguments.positional();
        Map<String, Object> rest = new LinkedHashMap<>(arguments.named());
        int index = 0;
        for (Parameter parameter : header.parameters) {
            Optional<Object> given = arguments.find(index++, parameter.name);
            rest.remove(parameter.name);
            Object value = given.orElseGet(() -> parameter
                    .fallback
                    .map(inside.evaluator()::evaluate)
                    .orElseGet(() -> new Undefined("parameter '%s' was not provided".formatted(parameter.name))));
            inside.getContext().put(parameter.name, value);
        }
        Object caller = rest.remove("caller");
        if (caller != null) {
            inside.getContext().put("caller", caller);
        }
        int known = header.parameters.size();
        inside.getContext()
                .put("varargs", Tuple.of(positional.subList(Math.min(known, positional.size()), positional.size())));
        inside.getContext().put("kwargs", rest);
    }
}
