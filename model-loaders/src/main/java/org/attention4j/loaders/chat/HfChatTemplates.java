package org.attention4j.loaders.chat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.io.Json;
import org.attention4j.loaders.io.MappedFile;
import org.jspecify.annotations.Nullable;

/** Chat templates and special tokens in the files of a Hugging Face model. */
final class HfChatTemplates {
    private static final long LARGEST_JSON = 1L << 24;
    private static final long LARGEST_TEMPLATE = 1L << 22;
    private static final String KEY = "chat_template";
    private static final String JINJA = ".jinja";

    private final Path directory;

    private HfChatTemplates(Path directory) {
        this.directory = directory;
    }

    /** The files in a model's directory, or beside its file. */
    static Optional<HfChatTemplates> beside(Path model) {
        Path path = model.toAbsolutePath();
        return Files.isDirectory(path)
                ? Optional.of(new HfChatTemplates(path))
                : Optional.ofNullable(path.getParent()).map(HfChatTemplates::new);
    }

    /** The templates by name. */
    Map<String, String> templates() {
        Map<String, String> templates = new LinkedHashMap<>();
        Path single = directory.resolve("chat_template.jinja");
        if (Files.exists(single)) {
            templates.put(ChatTemplates.DEFAULT, text(single));
        }
        templates.putAll(additional());
        for (String name : List.of("chat_template.json", "tokenizer_config.json")) {
            Path file = directory.resolve(name);
            if (templates.isEmpty() && Files.exists(file)) {
                templates.putAll(inJson(json(file)));
            }
        }
        return templates;
    }

    private Map<String, String> additional() {
        Path folder = directory.resolve("additional_chat_templates");
        Map<String, String> templates = new LinkedHashMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(f -> f.toString().endsWith(JINJA)).sorted().forEach(f -> {
                    String name = f.getFileName().toString();
                    templates.put(name.substring(0, name.length() - JINJA.length()), text(f));
                });
            } catch (IOException e) {
                throw new ModelFormatException(folder, "the directory can't be listed: " + e, e);
            }
        }
        return templates;
    }

    /** The special tokens' names by their roles, such as {@code bos_token}. */
    Map<String, String> specialTokens() {
        Map<String, String> tokens = new LinkedHashMap<>();
        for (String name : List.of("special_tokens_map.json", "tokenizer_config.json")) {
            Path file = directory.resolve(name);
            if (Files.exists(file)) {
                Config config = json(file);
                config.keys().stream()
                        .filter(key -> key.endsWith("_token"))
                        .forEach(key -> config.find(key)
                                .map(value -> value instanceof Map<?, ?> token ? token.get("content") : value)
                                .filter(String.class::isInstance)
                                .ifPresent(value -> tokens.put(key, (String) value)));
            }
        }
        return tokens;
    }

    /** The templates in a file that a user names. */
    static Map<String, String> read(Path file) {
        if (!file.toString().endsWith(".json")) {
            return Map.of(ChatTemplates.DEFAULT, text(file));
        }
        Config json = json(file);
        Map<String, String> templates = inJson(json);
        if (templates.isEmpty()) {
            throw json.bad(KEY, "a template");
        }
        return templates;
    }

    private static Map<String, String> inJson(Config json) {
        Object value = json.find(KEY).orElse(List.of());
        Map<String, String> templates = new LinkedHashMap<>();
        switch (value) {
            case String template -> templates.put(ChatTemplates.DEFAULT, template);
            case Map<?, ?> named -> named.forEach((name, template) -> put(json, templates, name, template));
            case List<?> list -> {
                for (Object entry : list) {
                    if (!(entry instanceof Map<?, ?> named)) {
                        throw json.bad(KEY, "a template or a list of objects with name and template");
                    }
                    put(json, templates, named.get("name"), named.get("template"));
                }
            }
            default -> throw json.bad(KEY, "a template or a list of objects with name and template");
        }
        return templates;
    }

    private static void put(
            Config json, Map<String, String> templates, @Nullable Object name, @Nullable Object template) {
        if (!(name instanceof String key) || !(template instanceof String text)) {
            throw json.bad(KEY, "a template or a list of objects with name and template");
        }
        templates.put(key, text);
    }

    private static Config json(Path file) {
        Map<String, Object> members = new LinkedHashMap<>();
        Json.readObject(file, LARGEST_JSON, (key, parser) -> Json.value(parser).ifPresent(v -> members.put(key, v)));
        return Config.of(file, members);
    }

    private static String text(Path file) {
        try (MappedFile mapped = MappedFile.open(file)) {
            if (mapped.bytes().byteSize() > LARGEST_TEMPLATE) {
                throw new ModelFormatException(
                        file,
                        "the file has %d bytes, expected a template of at most %d"
                                .formatted(mapped.bytes().byteSize(), LARGEST_TEMPLATE));
            }
            ByteBuffer bytes = mapped.bytes().asByteBuffer();
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new ModelFormatException(file, "not valid UTF-8, expected a Jinja template", e);
        }
    }
}
