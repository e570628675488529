package org.attention4j.cli.command;

/** What the embedded stories model is asked where nobody gives a prompt. */
final class StoryPrompt {
    /** A story as the model was trained to read them, and a question whose answer stands in it. */
    static final String TEXT = """
        Once upon a time there was a brave girl named Lily. She had a friend named Tom. It was a sunny day in June. \
        Lily lost her kite. She looked and looked, but she could not see it. Tom found the kite behind the house. \
        "Thank you, Tom!" said Lily. They were good friends from then on.
        Question: Where did Tom find the kite?
        Answer:\
        """;

    private StoryPrompt() {}
}
