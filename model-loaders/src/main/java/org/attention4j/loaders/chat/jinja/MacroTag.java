package org.attention4j.loaders.chat.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.TagNode;

/** {@code macro name(a, b=1)}: makes the variable {@code name} a {@link Macro}. */
final class MacroTag implements Tag {
    private static final long serialVersionUID = 1L;

    @Override
    public String getName() {
        return "macro";
    }

    @Override
    public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
        interpreter.setLineNumber(tag.getLineNumber());
        Macro.Header header = Macro.Header.parse(tag.getHelpers());
        interpreter.getContext().put(header.name(), new Macro(header, tag.getChildren(), (PythonInterpreter)
                interpreter));
        return "";
    }
}
