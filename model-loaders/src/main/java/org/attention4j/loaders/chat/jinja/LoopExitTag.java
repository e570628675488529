package org.attention4j.loaders.chat.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.TagNode;
import org.attention4j.loaders.chat.jinja.PythonInterpreter.LoopExit;
import org.jspecify.annotations.Nullable;

/** {@code break} and {@code continue}. */
final class LoopExitTag implements Tag {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final LoopExit exit;

    LoopExitTag(String name, LoopExit exit) {
        this.name = name;
        this.exit = exit;
    }

    @Override
    public String getName() {
        return name;
    }

    /** Jinjava's way to say that there is none. */
    @Override
    public @Nullable String getEndTagName() {
        return null;
    }

    @Override
    public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
        interpreter.setLineNumber(tag.getLineNumber());
        ((PythonInterpreter) interpreter).exitLoop(exit);
        return "";
    }
}
