package org.attention4j.loaders.chat.jinja;

import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Jinjava's interpreter with Python's expressions: this class is the only way by which a template computes anything. */
final class PythonInterpreter extends JinjavaInterpreter implements Evaluator.Scope {
    /** How the body of a loop ended. */
    enum LoopExit {
        NONE,
        CONTINUE,
        BREAK
    }

    private final Rendering rendering;
    private final Evaluator evaluator;
    private LoopExit loopExit = LoopExit.NONE;
    private int loopDepth;

    PythonInterpreter(Rendering rendering, Context context) {
        super(rendering.engine(), context, rendering.engine().getGlobalConfig());
        this.rendering = rendering;
        this.evaluator = new Evaluator(this, rendering.budget());
    }

    /** An interpreter whose scope lies inside of a macro's, wherever that is called. */
    PythonInterpreter inside(Context context) {
        return new PythonInterpreter(rendering, new Context(context));
    }

    Budget budget() {
        return rendering.budget();
    }

    Evaluator evaluator() {
        return evaluator;
    }

    Rendering.ParsedHeaders headers() {
        return rendering.headers();
    }

    FilterScope filterScope() {
        return new FilterScope(rendering.budget(), this);
    }

    @Override
    public Object resolveELExpression(String expression, int lineNumber) {
        setLineNumber(lineNumber);
        return evaluator.evaluate(rendering.headers().expression(expression));
    }

    @Override
    public Object resolveELExpressionSilently(String expression) {
        return resolveELExpression(expression, getLineNumber());
    }

    @Override
    public String getAsString(Object value) {
        return Text.of(rendering.budget(), value);
    }

    /** Jinjava collects errors and goes on; here the first one ends the rendering. */
    @Override
    public void addError(TemplateError error) {
        throw new TemplateFailure(error.getMessage(), error.getLineno());
    }

    @Override
    public Optional<Object> variable(String name) {
        return Optional.ofNullable(getContext().get(name));
    }

    @Override
    public Object filter(String name, Object input, Arguments arguments) {
        Filter filter = getContext().getFilter(name);
        if (!(filter instanceof PythonFilter known)) {
            throw new TemplateFailure("unknown filter '%s'".formatted(name));
        }
        return known.filter(input, this, arguments.positional().toArray(), arguments.named());
    }

    @Override
    public boolean test(String name, Object input, Arguments arguments) {
        ExpTest test = getContext().getExpTest(name);
        if (!(test instanceof PythonTest known)) {
            throw new TemplateFailure("unknown test '%s'".formatted(name));
        }
        return known.evaluate(
                input, this, arguments.atMost(Integer.MAX_VALUE).positional().toArray());
    }

    /** What an action gives in a scope of its own. */
    <T> T inScope(Supplier<T> action) {
        enterScope();
        try {
            return action.get();
        } finally {
            leaveScope();
        }
    }

    /** The text of some nodes, up to a {@code break} or {@code continue}. */
    String render(List<Node> nodes) {
        StringBuilder text = new StringBuilder();
        for (Node node : nodes) {
            budget().spend(1);
            setLineNumber(node.getLineNumber());
            String piece = node.render(this).getValue();
            budget().spendText(text, piece.length());
            text.append(piece);
            if (loopExit != LoopExit.NONE) {
                break;
            }
        }
        return text.toString();
    }

    /** The text of a loop's body. */
    String renderLoopBody(List<Node> nodes) {
        loopDepth++;
        String text = render(nodes);
        loopDepth--;
        return text;
    }

    /** Ends the body of the innermost loop. */
    void exitLoop(LoopExit exit) {
        if (loopDepth == 0) {
            throw new TemplateFailure(
                    "'%s' outside of a loop".formatted(exit == LoopExit.BREAK ? "break" : "continue"));
        }
        loopExit = exit;
    }

    /** How the last loop body ended; asked once. */
    LoopExit takeLoopExit() {
        LoopExit exit = loopExit;
        loopExit = LoopExit.NONE;
        return exit;
    }
}
