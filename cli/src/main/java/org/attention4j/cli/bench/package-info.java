/** Measures how fast a model reads prompts and generates, in the manner of llama-bench. */
@NullMarked
package org.attention4j.cli.bench;

import org.jspecify.annotations.NullMarked;
