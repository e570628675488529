package org.attention4j.loaders.chat.jinja;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.InterpretException;
import com.hubspot.jinjava.tree.parse.StringTokenScannerSymbols;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.attention4j.loaders.chat.jinja.PythonInterpreter.LoopExit;
import org.jspecify.annotations.Nullable;

/** A template, checked and ready to be rendered. Immutable and thread-safe. */
public final class JinjaTemplate {
    /** Loaded when the first template is. */
    private static final class Engine {
        static final Jinjava JINJAVA = engine();
    }

    private final String source;
    private final Limits limits;
    private final Rendering.ParsedHeaders headers = new Rendering.ParsedHeaders();

    private JinjaTemplate(String source, Limits limits) {
        this.source = source;
        this.limits = limits;
    }

    /**
     * Checks a template's tags. Expressions are parsed when a rendering comes to them.
     *
     * @throws JinjaException if it is too long, or its tags are unknown or not well formed
     */
    public static JinjaTemplate of(String template, Limits limits) {
        if (template.length() > limits.templateLength()) {
            throw new JinjaException(
                    0,
                    "the template has %d characters, expected at most %d"
                            .formatted(template.length(), limits.templateLength()));
        }
        return new JinjaTemplate(guarded(() -> TemplateSource.normalise(template), () -> 0), limits);
    }

    /**
     * The template's text for some variables: text, numbers, truth values, lists and maps with text as keys; {@code null} is
     * {@code none}.
     *
     * @param clock what {@code strftime_now} asks for the time
     * @throws JinjaException if the template is wrong, raises an exception, or goes beyond its limits
     */
    public String render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
        Rendering rendering = new Rendering(Engine.JINJAVA, new Budget(limits), headers);
        Context context = new Context(Engine.JINJAVA.getGlobalContext());
        PythonInterpreter interpreter = new PythonInterpreter(rendering, context);
        return guarded(
                () -> {
                    context.putAll(rendering.globals(ZonedDateTime.now(clock)));
                    variables.forEach((name, value) -> context.put(name, Values.of(value)));
                    return interpreter.render(interpreter.parse(source).getChildren());
                },
                interpreter::getLineNumber);
    }

    private static String guarded(Supplier<String> action, IntSupplier line) {
        try {
            return action.get();
        } catch (InterpretException e) {
            throw new JinjaException(
                    e.getLineNumber() > 0 ? e.getLineNumber() : line.getAsInt(), String.valueOf(e.getMessage()));
        } catch (StackOverflowError e) {
            throw new JinjaException(line.getAsInt(), "stopped: the template is nested too deep");
        }
    }

    private static Jinjava engine() {
        Jinjava engine = new Jinjava(JinjavaConfig.newBuilder()
                .withTokenScannerSymbols(StringTokenScannerSymbols.builder()
                        .withVariableStartString(TemplateSource.EXPRESSION_START)
                        .withVariableEndString(TemplateSource.EXPRESSION_END)
                        .withBlockStartString(TemplateSource.TAG_START)
                        .withBlockEndString(TemplateSource.TAG_END)
                        .withCommentStartString(TemplateSource.COMMENT_START)
                        .withCommentEndString(TemplateSource.COMMENT_END)
                        .build())
                // What a template prints is never read as a template again.
                .withNestedInterpretationEnabled(false)
                .withLegacyOverrides(LegacyOverrides.newBuilder()
                        .withParseWhitespaceControlStrictly(true)
                        .build())
                .build());
        Filters.all().forEach((name, body) -> engine.registerFilter(new PythonFilter(name, body)));
        SequenceFilters.all().forEach((name, body) -> engine.registerFilter(new PythonFilter(name, body)));
        PythonTest.all().forEach((name, body) -> engine.registerExpTest(new PythonTest(name, body)));
        engine.registerTag(new IfTag());
        engine.registerTag(new ForTag());
        engine.registerTag(new SetTag());
        engine.registerTag(new MacroTag());
        engine.registerTag(new CallTag());
        engine.registerTag(new FilterTag());
        engine.registerTag(new LoopExitTag("break", LoopExit.BREAK));
        engine.registerTag(new LoopExitTag("continue", LoopExit.CONTINUE));
        return engine;
    }
}
