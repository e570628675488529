package org.attention4j.loaders.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.loaders.Config;

/** What the metadata of a GGUF file say about chat templates. */
final class GgufChatTemplates {
    /** The key that says whether there is a tokenizer. */
    static final String MODEL = "tokenizer.ggml.model";

    private static final String TEMPLATE = "tokenizer.chat_template";
    private static final String NAMED = TEMPLATE + ".";
    private static final List<String> ROLES =
            List.of("bos", "eos", "unknown", "padding", "seperator", "separator", "cls", "mask");

    private GgufChatTemplates() {}

    static Map<String, String> templates(Config metadata) {
        Map<String, String> templates = new LinkedHashMap<>();
        if (metadata.has(TEMPLATE)) {
            templates.put(ChatTemplates.DEFAULT, metadata.text(TEMPLATE));
        }
        metadata.keys().stream()
                .filter(key -> key.startsWith(NAMED))
                .sorted()
                .forEach(key -> templates.put(key.substring(NAMED.length()), metadata.text(key)));
        return templates;
    }

    /** The names of the tokens that templates print, under Hugging Face's names for their roles. */
    static Map<String, String> specialTokens(Config metadata) {
        Map<String, String> tokens = new LinkedHashMap<>();
        for (String role : ROLES) {
            String key = "tokenizer.ggml." + role + "_token_id";
            if (metadata.has(key) && metadata.find("tokenizer.ggml.tokens").orElse("") instanceof List<?> names) {
                int id = metadata.integer(key);
                if (id < 0 || id >= names.size()) {
                    throw metadata.bad(key, "a token id from 0 to %d".formatted(names.size() - 1));
                }
                tokens.put(huggingFaceRole(role) + "_token", String.valueOf(names.get(id)));
            }
        }
        return tokens;
    }

    private static String huggingFaceRole(String role) {
        return switch (role) {
            case "unknown" -> "unk";
            case "padding" -> "pad";
            case "seperator", "separator" -> "sep";
            default -> role;
        };
    }
}
