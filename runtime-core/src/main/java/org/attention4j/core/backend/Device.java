package org.attention4j.core.backend;

/**
 * Something that runs graphs.
 *
 * @param id what a user writes to choose it, such as {@code cpu} or {@code 0:1}
 * @param description for people, such as the processor's name
 */
public record Device(String id, String description) {}
