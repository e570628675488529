package org.attention4j.tornado.program;

/**
 * A matrix that products take as it is stored.
 *
 * @param type its type's code in the kernel
 * @param array the array of bytes that holds it; floats are in none, and have 0
 * @param offset where it begins: a byte, or of floats an element
 * @param rowSize from row to row: bytes, or of floats elements
 * @param inner elements of a row
 */
public record Weight(int type, int array, int offset, int rowSize, int inner) {}
