package org.attention4j.loaders.chat.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.TagNode;

/** {@code filter upper | trim}: the text of the block through filters. */
final class FilterTag implements Tag {
    private static final long serialVersionUID = 1L;
    private static final String BODY = "the text of the block";
    private static final int MAX_TOKENS = 1000;

    @Override
    public String getName() {
        return "filter";
    }

    @Override
    public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
        PythonInterpreter python = (PythonInterpreter) interpreter;
        TokenStream tokens = new TokenStream("|" + tag.getHelpers(), MAX_TOKENS);
        Expression filtered = new ExpressionParser(tokens).filters(new Expression.Name(BODY));
        tokens.expectEnd();
        return python.inScope(() -> {
            python.getContext().put(BODY, python.render(tag.getChildren()));
            python.setLineNumber(tag.getLineNumber());
            return Text.of(python.budget(), python.evaluator().evaluate(filtered));
        });
    }
}
