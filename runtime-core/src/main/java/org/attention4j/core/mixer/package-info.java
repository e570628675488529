/**
 * Sequence mixers: the layers in which tokens see each other. A {@link org.attention4j.core.mixer.SequenceMixer} names its
 * parameters, says what it remembers, and writes itself into a graph in one or more {@link org.attention4j.core.mixer.Form}s.
 */
@NullMarked
package org.attention4j.core.mixer;

import org.jspecify.annotations.NullMarked;
