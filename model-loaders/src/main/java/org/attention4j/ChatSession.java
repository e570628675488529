package org.attention4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.attention4j.core.generate.TextStream;
import org.attention4j.core.session.Session;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.chat.ChatMessage;
import org.attention4j.loaders.chat.ChatTemplate;

/**
 * A conversation with a model. The model's state stays between turns: of the conversation as its template writes it, only what
 * comes behind the tokens that the state has seen goes through the model. If a template changes what it wrote before, as some do
 * with the thoughts of earlier answers, the state is taken back to where that begins, or, if the model can't do that, begun
 * again. Not thread-safe: one thread at a time. Close it before the model.
 */
public final class ChatSession implements AutoCloseable {
    private final Session session;
    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final ChatOptions options;
    private final List<ChatMessage> messages = new ArrayList<>();
    private int[] seen = {};
    private boolean answering;

    ChatSession(Session session, Tokenizer tokenizer, ChatTemplate template, ChatOptions options) {
        this.session = session;
        this.tokenizer = tokenizer;
        this.template = template;
        this.options = options;
        options.system().ifPresent(text -> messages.add(ChatMessage.system(text)));
    }

    /**
     * Says something and hands over the model's answer, computed as it is read. When it is closed or read to its end, the
     * conversation has it. Close it.
     *
     * @throws org.attention4j.loaders.chat.ChatTemplateException if the template refuses the conversation
     * @throws IllegalArgumentException if the conversation has more tokens than the context; it stays as it was
     * @throws IllegalStateException if the last answer was not closed
     */
    public ChatReply send(String text) {
        return send(ChatMessage.user(text));
    }

    /** The same with any message, for example a tool's answer. */
    public ChatReply send(ChatMessage message) {
        if (answering) {
            throw new IllegalStateException("chat: the last answer goes on, expected it to be closed first");
        }
        List<ChatMessage> conversation = new ArrayList<>(messages);
        conversation.add(message);
        int[] ids = tokenizer.encode(
                template.render(conversation, options.tools(), true, options.variables()), EncodeOptions.TEMPLATE);
        requireRoom(ids.length);
        int reused = keep(ids);
        TextStream stream =
                TextStream.start(session, tokenizer, Arrays.copyOfRange(ids, reused, ids.length), options.generation());
        messages.add(message);
        answering = true;
        return new ChatReply(this, stream, ids, reused);
    }

    private void requireRoom(int tokens) {
        if (tokens == 0) {
            throw new IllegalArgumentException("chat: the template made no text of the conversation");
        }
        int room = session.position() + session.remaining();
        if (tokens > room) {
            throw new IllegalArgumentException(
                    "chat: the conversation has %d tokens, but the context has room for %d; start a new one or make the context longer"
                            .formatted(tokens, room));
        }
    }

    /** Takes the state back to what it shares with the conversation; at least one token is left to be given. */
    private int keep(int[] ids) {
        int shared = Arrays.mismatch(seen, ids);
        int kept = Math.min(shared < 0 ? seen.length : shared, ids.length - 1);
        if (!session.truncate(kept)) {
            session.truncate(0);
            kept = 0;
        }
        seen = Arrays.copyOf(seen, kept);
        return kept;
    }

    /** Notes an answer and what the state has seen: all tokens but perhaps the last. */
    void answered(int[] prompt, List<Integer> generated, String text) {
        int[] all = Arrays.copyOf(prompt, prompt.length + generated.size());
        for (int i = 0; i < generated.size(); i++) {
            all[prompt.length + i] = generated.get(i);
        }
        seen = Arrays.copyOf(all, Math.min(session.position(), all.length));
        messages.add(ChatMessage.assistant(text));
        answering = false;
    }

    /** All that was said so far. */
    public List<ChatMessage> messages() {
        return List.copyOf(messages);
    }

    /** How many tokens the conversation may have. */
    public int contextLength() {
        return session.contextLength();
    }

    /** The conversation as the template writes it now. */
    public String prompt() {
        return template.render(messages, options.tools(), false, options.variables());
    }

    @Override
    public void close() {
        session.close();
    }
}
