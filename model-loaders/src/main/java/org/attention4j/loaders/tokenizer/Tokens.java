package org.attention4j.loaders.tokenizer;

/** Tokens by id, from 0 on. */
interface Tokens {
    int size();

    String text(int id);

    TokenKind kind(int id);
}
