package org.attention4j.loaders.chat.jinja;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** A list that Python prints in round brackets; in all else it is one. */
final class Tuple extends AbstractList<Object> implements RandomAccess {
    private final List<?> elements;

    private Tuple(List<?> elements) {
        this.elements = elements;
    }

    /** A tuple of a list that nobody changes. */
    static Tuple of(List<?> elements) {
        return new Tuple(elements);
    }

    @Override
    public Object get(int index) {
        return elements.get(index);
    }

    @Override
    public int size() {
        return elements.size();
    }
}
