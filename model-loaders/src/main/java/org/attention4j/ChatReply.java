package org.attention4j;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.attention4j.core.generate.GenerationStatistics;
import org.attention4j.core.generate.TextChunk;
import org.attention4j.core.generate.TextStream;

/** A model's answer, computed as it is read. The conversation gets what was read when it ends or is closed. */
public final class ChatReply implements Iterator<TextChunk>, AutoCloseable {
    private final ChatSession chat;
    private final TextStream stream;
    private final int[] prompt;
    private final int reused;
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> tokens = new ArrayList<>();
    private boolean ended;

    ChatReply(ChatSession chat, TextStream stream, int[] prompt, int reused) {
        this.chat = chat;
        this.stream = stream;
        this.prompt = prompt;
        this.reused = reused;
    }

    @Override
    public boolean hasNext() {
        boolean more = !ended && stream.hasNext();
        if (!more) {
            close();
        }
        return more;
    }

    @Override
    public TextChunk next() {
        TextChunk chunk = stream.next();
        chunk.token().ifPresent(tokens::add);
        text.append(chunk.text());
        return chunk;
    }

    /** Reads to the end and returns the whole answer. */
    public String readAll() {
        while (hasNext()) {
            next();
        }
        return text.toString();
    }

    /** Ends the answer before its next step. Callable from any thread. */
    public void cancel() {
        stream.cancel();
    }

    /** How many tokens the conversation has up to this answer. */
    public int conversationTokens() {
        return prompt.length;
    }

    /** How many of them the model's state had seen before, so that they did not go through the model again. */
    public int reusedTokens() {
        return reused;
    }

    /**
     * What was done; its prompt tokens are those that were not reused.
     *
     * @throws IllegalStateException if the answer has not ended
     */
    public GenerationStatistics statistics() {
        return stream.statistics();
    }

    /** Ends the answer if it goes on; the conversation has what was read. */
    @Override
    public void close() {
        if (!ended) {
            ended = true;
            stream.close();
            chat.answered(prompt, tokens, text.toString());
        }
    }
}
