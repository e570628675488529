package org.attention4j.loaders.chat.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code for x in xs if condition}, with a scope for each element, and {@code else} for when there is none. */
final class ForTag implements Tag {
    private static final long serialVersionUID = 1L;

    /**
     * What stands in the tag.
     *
     * @param targets the variables that get an element, or its parts
     */
    record Header(List<String> targets, Expression elements, Optional<Expression> condition) {
        private static final int MAX_TOKENS = 1000;

        static Header parse(String text) {
            TokenStream tokens = new TokenStream(text, MAX_TOKENS);
            List<String> targets = SetTag.Header.names(tokens);
            tokens.expectName("in");
            ExpressionParser parser = new ExpressionParser(tokens);
            Expression elements = parser.tuple(false);
            Optional<Expression> condition =
                    tokens.takeName("if") ? Optional.of(parser.expression()) : Optional.empty();
            if (tokens.takeName("recursive")) {
                throw new TemplateFailure("recursive loops are not supported");
            }
            tokens.expectEnd();
            return new Header(targets, elements, condition);
        }
    }

    @Override
    public String getName() {
        return "for";
    }

    @Override
    public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
        PythonInterpreter python = (PythonInterpreter) interpreter;
        Header header = python.headers().loop(tag.getHelpers());
        python.setLineNumber(tag.getLineNumber());
        List<Object> elements = elements(header, python);
        List<Node> children = tag.getChildren();
        int otherwise = 0;
        while (otherwise < children.size() && !isElse(children.get(otherwise))) {
            otherwise++;
        }
        return elements.isEmpty()
                ? python.render(children.subList(Math.min(otherwise + 1, children.size()), children.size()))
                : loop(header, elements, children.subList(0, otherwise), python);
    }

    private static boolean isElse(Node node) {
        return node instanceof TagNode && node.getName().equals("else");
    }

    private static List<Object> elements(Header header, PythonInterpreter python) {
        List<Object> all = Values.list(python.budget(), python.evaluator().evaluate(header.elements()));
        if (header.condition().isEmpty()) {
            return all;
        }
        Expression condition = header.condition().get();
        List<Object> chosen = new ArrayList<>();
        for (Object element : all) {
            boolean isTrue = python.inScope(() -> {
                SetTag.assign(header.targets(), element, python);
                return python.evaluator().isTrue(condition);
            });
            if (isTrue) {
                chosen.add(element);
            }
        }
        return chosen;
    }

    private static String loop(Header header, List<Object> elements, List<Node> body, PythonInterpreter python) {
        Loop loop = new Loop(python.budget(), elements);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < elements.size(); i++) {
            loop.moveTo(i);
            Object element = elements.get(i);
            String piece = python.inScope(() -> {
                python.getContext().put("loop", loop);
                SetTag.assign(header.targets(), element, python);
                return python.renderLoopBody(body);
            });
            python.budget().spendText(text, piece.length());
            text.append(piece);
            if (python.takeLoopExit() == PythonInterpreter.LoopExit.BREAK) {
                break;
            }
        }
        return text.toString();
    }
}
