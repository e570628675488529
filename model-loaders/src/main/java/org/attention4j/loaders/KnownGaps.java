package org.attention4j.loaders;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;

/** Architectures of which people will try files, and why these can't be computed. */
final class KnownGaps {
    private static final String IMAGES = "it needs an encoder of images or speech";

    private static final Map<String, String> REASONS = Map.ofEntries(
            entry("phi3small", "its attention is block-sparse"),
            entry("phimoe", "its experts are chosen by SparseMixer"),
            entry("phi3_v", IMAGES),
            entry("phi4mm", IMAGES),
            entry("phi4_multimodal", IMAGES),
            entry("granitemoe", "Granite's experts are stored in a form of their own"),
            entry("gemma3n", "its layers have alternating updates and embeddings of their own"),
            entry("stablelm_epoch", "the file is of an early form; later ones are called stablelm"));

    private KnownGaps() {}

    /** Why files of this architecture can't be computed, if that is known. */
    static Optional<String> reason(String architecture) {
        return Optional.ofNullable(REASONS.get(architecture));
    }
}
