package org.attention4j.loaders.chat.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.TagNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.loaders.chat.jinja.Expression.Given;

/** {@code call(x) macro(...)}: calls a macro that gets the text of the block by calling {@code caller(...)}. */
final class CallTag implements Tag {
    private static final long serialVersionUID = 1L;
    private static final int MAX_TOKENS = 1000;
    private static final String CALLER = "caller";

    @Override
    public String getName() {
        return "call";
    }

    @Override
    public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
        PythonInterpreter python = (PythonInterpreter) interpreter;
        python.setLineNumber(tag.getLineNumber());
        TokenStream tokens = new TokenStream(tag.getHelpers(), MAX_TOKENS);
        List<Macro.Parameter> parameters = tokens.peek().isOperator("(") ? Macro.Header.parameters(tokens) : List.of();
        Expression expression = new ExpressionParser(tokens).expression();
        tokens.expectEnd();
        if (!(expression instanceof Expression.Call(Expression callee, Given given))) {
            throw new TemplateFailure("call: got another expression, expected the call of a macro");
        }
        Macro body = new Macro(new Macro.Header(CALLER, parameters), tag.getChildren(), python);
        Map<String, Expression> named = new LinkedHashMap<>(given.named());
        named.put(CALLER, new Expression.Literal(body));
        Expression call = new Expression.Call(callee, new Given(given.positional(), named));
        return Text.of(python.budget(), python.evaluator().evaluate(call));
    }
}
