/**
 * Conversations as text: messages and tools, and the templates with which models were trained to read them. The templates come
 * with the model; see {@link org.attention4j.loaders.chat.ChatTemplates}.
 */
@NullMarked
package org.attention4j.loaders.chat;

import org.jspecify.annotations.NullMarked;
