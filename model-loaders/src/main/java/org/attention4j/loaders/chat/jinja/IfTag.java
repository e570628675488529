package org.attention4j.loaders.chat.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import java.util.List;

/** {@code if}, {@code elif}, {@code else}: the first part whose condition holds. */
final class IfTag implements Tag {
    private static final long serialVersionUID = 1L;

    @Override
    public String getName() {
        return "if";
    }

    @Override
    public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
        PythonInterpreter python = (PythonInterpreter) interpreter;
        List<Node> children = tag.getChildren();
        TagNode part = tag;
        int start = 0;
        for (int i = 0; i <= children.size(); i++) {
            if (i < children.size() && !isAlternative(children.get(i))) {
                continue;
            }
            if (holds(part, python)) {
                return python.render(children.subList(start, i));
            }
            if (i < children.size()) {
                part = (TagNode) children.get(i);
                start = i + 1;
            }
        }
        return "";
    }

    private static boolean isAlternative(Node node) {
        return node instanceof TagNode
                && (node.getName().equals("else") || node.getName().equals("elif"));
    }

    private static boolean holds(TagNode part, PythonInterpreter interpreter) {
        return part.getName().equals("else")
                || Values.isTrue(interpreter.resolveELExpression(part.getHelpers(), part.getLineNumber()));
    }
}
