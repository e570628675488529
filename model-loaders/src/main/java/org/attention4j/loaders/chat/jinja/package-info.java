/**
 * Jinja templates as chat templates use them: Jinjava's engine for text, tags and scopes, with Python's values and expressions
 * in place of Java's, inside limits of time and size.
 *
 * <p>What a template means is defined by Python's Jinja2 3.1 as transformers sets it up: {@code trim_blocks}, {@code
 * lstrip_blocks}, loop controls, {@code generation} blocks, and the functions {@code raise_exception} and {@code strftime_now}
 * (<a href="https://jinja.palletsprojects.com/en/stable/templates/">Template Designer Documentation</a>). Jinjava's own expression
 * language, which calls Java methods by reflection, is never reached: expressions are parsed and evaluated here, over strings,
 * numbers, truth values, lists and maps, and the only things that can be called are the functions, methods and macros of this
 * package. Templates reach no file, no class and no other template.
 */
@NullMarked
package org.attention4j.loaders.chat.jinja;

import org.jspecify.annotations.NullMarked;
