package org.attention4j.loaders.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.loaders.ModelFormatException;

/**
 * The ids that a {@code tokenizer.json} puts around a text: its {@code post_processor}.
 *
 * @param prefix the ids before the text
 * @param suffix the ids behind it
 */
record TextTemplate(List<Integer> prefix, List<Integer> suffix) {
    TextTemplate {
        prefix = List.copyOf(prefix);
        suffix = List.copyOf(suffix);
    }

    /**
     * The template of a post-processor.
     *
     * @throws ModelFormatException if it is of an unknown kind or names a token that it does not define
     */
    static TextTemplate of(Optional<JsonView> postProcessor) {
        return postProcessor.map(TextTemplate::of).orElse(new TextTemplate(List.of(), List.of()));
    }

    private static TextTemplate of(JsonView processor) {
        return switch (processor.type()) {
            case "ByteLevel" -> new TextTemplate(List.of(), List.of());
            case "BertProcessing", "RobertaProcessing" ->
                new TextTemplate(List.of(pairId(processor.get("cls"))), List.of(pairId(processor.get("sep"))));
            case "TemplateProcessing" -> template(processor);
            case "Sequence" -> sequence(processor.get("processors").elements());
            default ->
                throw processor
                        .get("type")
                        .bad("ByteLevel, BertProcessing, RobertaProcessing, TemplateProcessing or Sequence");
        };
    }

    /** The first processor works on the text, the next on what that made of it. */
    private static TextTemplate sequence(List<JsonView> processors) {
        List<Integer> prefix = new ArrayList<>();
        List<Integer> suffix = new ArrayList<>();
        for (JsonView processor : processors) {
            TextTemplate next = of(processor);
            prefix.addAll(0, next.prefix);
            suffix.addAll(next.suffix);
        }
        return new TextTemplate(prefix, suffix);
    }

    private static TextTemplate template(JsonView processor) {
        List<Integer> prefix = new ArrayList<>();
        List<Integer> suffix = new ArrayList<>();
        int texts = 0;
        for (JsonView piece : processor.get("single").elements()) {
            Optional<JsonView> token = piece.find("SpecialToken");
            if (token.isEmpty()) {
                JsonView text = piece.get("Sequence").get("id");
                if (!text.text().equals("A") || texts++ > 0) {
                    throw text.bad("the one text A");
                }
            } else {
                String name = token.get().get("id").text();
                List<Integer> around = texts == 0 ? prefix : suffix;
                processor.get("special_tokens").get(name).get("ids").elements().forEach(id -> around.add(id.id()));
            }
        }
        return new TextTemplate(prefix, suffix);
    }

    /** The id in a pair of a token's name and its id. */
    private static int pairId(JsonView pair) {
        List<JsonView> elements = pair.elements();
        if (elements.size() != 2) {
            throw pair.bad("a token and its id");
        }
        return elements.get(1).id();
    }
}
