/**
 * Text and token ids: what a tokenizer does, and what streaming its output needs. Nothing here knows a file format or an
 * engine.
 */
@NullMarked
package org.attention4j.core.text;

import org.jspecify.annotations.NullMarked;
