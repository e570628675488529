package org.attention4j.core.ir;

/**
 * A value of a graph: an input, or one output of one op.
 *
 * @param id unique in its graph, and readable: the scopes in which it was made, the op, and a number when needed, for
 *     example {@code layers.3/self_attn/linear.2}
 */
public record Value(String id, TensorType type) {
    /** Of the id, which says it all in one graph: values are the keys of many maps. */
    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "%" + id + ": " + type;
    }
}
