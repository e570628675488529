package org.attention4j.loaders.chat.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.FlexibleTag;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.tree.parse.TagToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code set x = value}, {@code set a, b = pair}, {@code set ns.x = value}, and {@code set x} for the text up to {@code endset}. */
final class SetTag implements Tag, FlexibleTag {
    private static final long serialVersionUID = 1L;
    private static final String BODY = "the text of the block";

    /**
     * What stands in the tag.
     *
     * @param targets names, or one name and an attribute
     * @param value what they get; in a block, of the text in the variable {@value #BODY}
     */
    record Header(List<String> targets, Optional<String> attribute, Expression value) {
        private static final int MAX_TOKENS = 2000;

        static Header parse(String text) {
            TokenStream tokens = new TokenStream(text, MAX_TOKENS);
            List<String> targets = names(tokens);
            Optional<String> attribute = targets.size() == 1 && tokens.takeOperator(".")
                    ? Optional.of(tokens.takeAnyName("the name of an attribute"))
                    : Optional.empty();
            ExpressionParser parser = new ExpressionParser(tokens);
            Expression value =
                    tokens.takeOperator("=") ? parser.tuple(true) : parser.filters(new Expression.Name(BODY));
            tokens.expectEnd();
            return new Header(targets, attribute, value);
        }

        /** Names with commas between them, perhaps in brackets. */
        static List<String> names(TokenStream tokens) {
            boolean bracketed = tokens.takeOperator("(");
            List<String> names = new ArrayList<>();
            do {
                names.add(tokens.takeAnyName("the name of a variable"));
            } while (tokens.takeOperator(","));
            if (bracketed) {
                tokens.expectOperator(")");
            }
            return names;
        }
    }

    /** Whether a tag with this inside has a block and an end. */
    static boolean isBlock(String helpers) {
        TokenStream tokens = new TokenStream(helpers, Header.MAX_TOKENS);
        Header.names(tokens);
        if (tokens.takeOperator(".")) {
            tokens.takeAnyName("the name of an attribute");
        }
        return !tokens.takeOperator("=");
    }

    @Override
    public String getName() {
        return "set";
    }

    @Override
    public boolean hasEndTag(TagToken token) {
        return isBlock(token.getHelpers());
    }

    @Override
    public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
        PythonInterpreter python = (PythonInterpreter) interpreter;
        Header header = python.headers().assignment(tag.getHelpers());
        python.setLineNumber(tag.getLineNumber());
        Object value = isBlock(tag.getHelpers())
                ? block(tag, header, python)
                : python.evaluator().evaluate(header.value());
        if (header.attribute().isPresent()) {
            assignAttribute(header.targets().getFirst(), header.attribute().get(), value, python);
        } else {
            assign(header.targets(), value, python);
        }
        return "";
    }

    private static Object block(TagNode tag, Header header, PythonInterpreter python) {
        return python.inScope(() -> {
            python.getContext().put(BODY, python.render(tag.getChildren()));
            return python.evaluator().evaluate(header.value());
        });
    }

    /** Gives a variable a value, or several its elements. */
    static void assign(List<String> targets, Object value, PythonInterpreter python) {
        if (targets.size() == 1) {
            python.getContext().put(targets.getFirst(), value);
            return;
        }
        List<Object> elements = Values.list(python.budget(), value);
        if (elements.size() != targets.size()) {
            throw new TemplateFailure("%s: got %d values, expected %d"
                    .formatted(String.join(", ", targets), elements.size(), targets.size()));
        }
        for (int i = 0; i < targets.size(); i++) {
            python.getContext().put(targets.get(i), elements.get(i));
        }
    }

    private static void assignAttribute(String target, String attribute, Object value, PythonInterpreter python) {
        Object owner = python.variable(target).orElse(None.NONE);
        if (!(owner instanceof Namespace namespace)) {
            throw TemplateFailure.unexpected("set %s.%s".formatted(target, attribute), owner, "a namespace");
        }
        namespace.attributes().put(attribute, value);
    }
}
