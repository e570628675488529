package org.attention4j.loaders.chat.jinja;

/** A function, a method bound to its object, or a macro. */
@FunctionalInterface
interface Callable {
    Object call(Arguments arguments);
}
