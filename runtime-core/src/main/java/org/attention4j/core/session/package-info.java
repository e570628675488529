/**
 * Running models: a {@link org.attention4j.core.session.CompiledModel} is a model on a backend, a
 * {@link org.attention4j.core.session.Session} is one sequence of tokens going through it.
 */
@NullMarked
package org.attention4j.core.session;

import org.jspecify.annotations.NullMarked;
