/**
 * What a backend is: it says what it can run on ({@link org.attention4j.core.backend.Backend.Provider}), compiles graphs
 * ({@link org.attention4j.core.backend.CompiledGraph}) and runs them with states that stay where the backend keeps them
 * ({@link org.attention4j.core.backend.Execution}). {@link org.attention4j.core.backend.Plan} tells what became of each op.
 */
@NullMarked
package org.attention4j.core.backend;

import org.jspecify.annotations.NullMarked;
