package org.attention4j.core.rope;

/** Which entries of a head form a pair that is rotated. */
public enum RopeStyle {
    /** Entries i and i + d/2 (GPT-NeoX; Llama and most others as exported by Hugging Face). */
    HALF,
    /** Entries 2i and 2i + 1 (GPT-J, the paper; Llama as exported to GGUF). */
    INTERLEAVED
}
