package org.attention4j.loaders.onnxmodel;

import static org.attention4j.loaders.ModelFormatException.quote;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.attention4j.core.external.ExternalDecoder;
import org.attention4j.core.external.ExternalInput;
import org.attention4j.core.external.ExternalInput.Role;
import org.attention4j.core.external.ExternalState;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.UnsupportedModelException;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.ValueInfoProto;

/** What the inputs and outputs of a decoder's graph mean, found from their names and shapes. */
final class DecoderInterface {
    private static final ImmutableMap<String, Role> ROLES = ImmutableMap.<String, Role>builder()
            .put("input_ids", Role.TOKENS)
            .put("decoder_input_ids", Role.TOKENS)
            .put("tokens", Role.TOKENS)
            .put("attention_mask", Role.ATTENTION_MASK)
            .put("decoder_attention_mask", Role.ATTENTION_MASK)
            .put("position_ids", Role.POSITIONS)
            .put("token_type_ids", Role.TOKEN_TYPES)
            .put("cache_position", Role.CACHE_POSITIONS)
            .put("use_cache_branch", Role.HAS_PAST)
            .put("num_logits_to_keep", Role.LOGITS_TO_KEEP)
            .put("logits_to_keep", Role.LOGITS_TO_KEEP)
            .put("seqlens_k", Role.LAST_POSITION)
            .put("past_sequence_length", Role.PAST_LENGTH)
            .put("past_seq_len", Role.PAST_LENGTH)
            .put("total_sequence_length", Role.TOTAL_LENGTH)
            .put("total_seq_len", Role.TOTAL_LENGTH)
            .buildOrThrow();

    /** The place among its inputs where {@code GroupQueryAttention} takes each sequence's last position. */
    private static final int SEQLENS_K = 5;

    private final OnnxCheckpoint file;
    private final GraphProto graph;
    private final Config genai;
    private final Config config;
    private final Map<String, ValueInfoProto> inputs = new LinkedHashMap<>();
    private final Map<String, ValueInfoProto> outputs = new LinkedHashMap<>();

    /**
     * Of a file.
     *
     * @param genai what {@code genai_config.json} says
     * @param config what {@code config.json} says
     */
    DecoderInterface(OnnxCheckpoint file, Config genai, Config config) {
        this.file = file;
        this.graph = file.model().getGraph();
        this.genai = genai;
        this.config = config;
        // Files of old versions name initializers among the inputs: they need not be given.
        graph.getInputList().stream()
                .filter(v -> !file.hasTensor(v.getName()))
                .forEach(v -> inputs.put(v.getName(), v));
        graph.getOutputList().forEach(v -> outputs.put(v.getName(), v));
    }

    /** Of a file and the configurations beside it. */
    static DecoderInterface of(OnnxCheckpoint file) {
        return new DecoderInterface(
                file,
                JsonTree.read(file.home().resolve("genai_config.json")),
                JsonTree.read(file.home().resolve("config.json")));
    }

    /** What has to be given. */
    List<ValueInfoProto> inputs() {
        return List.copyOf(inputs.values());
    }

    /** What it gives. */
    List<ValueInfoProto> outputs() {
        return List.copyOf(outputs.values());
    }

    /** The inputs of which an output is the next value, with it. */
    Map<String, String> states() {
        PastNames names = new PastNames(genai, outputs.keySet());
        Map<String, String> states = new LinkedHashMap<>();
        for (String input : inputs.keySet()) {
            if (role(input).isEmpty()) {
                names.present(input).ifPresent(output -> states.put(input, output));
            }
        }
        return states;
    }

    /**
     * The decoder.
     *
     * @throws UnsupportedModelException if it is none that takes token ids and gives logits, or takes what nobody knows
     */
    ExternalDecoder decoder() {
        Map<String, String> next = states();
        List<ExternalInput> given = new ArrayList<>();
        List<ExternalState> states = new ArrayList<>();
        ValueInfoProto tokens = inputs.values().stream()
                .filter(v -> role(v.getName()).filter(r -> r == Role.TOKENS).isPresent())
                .findFirst()
                .orElseThrow(() -> refused("it takes no token ids (input_ids)"));
        PortShape ids = new PortShape(file.path(), tokens);
        for (ValueInfoProto input : inputs.values()) {
            String name = input.getName();
            PortShape shape = new PortShape(file.path(), input);
            Optional<String> present = Optional.ofNullable(next.get(name));
            Optional<Role> role = role(name);
            if (role.isPresent()) {
                given.add(new ExternalInput(name, role.get(), shape.dtype(), shape.sizes()));
            } else if (present.isPresent()) {
                states.add(shape.state(present.get(), PastNames.layer(name), ids.first()));
            } else {
                throw refused("nobody knows what to give to its input " + quote(name));
            }
        }
        String logits = logits(states);
        return new ExternalDecoder(OnnxFormat.NAME, file.path(), given, logits, states, vocabSize(logits));
    }

    private Optional<Role> role(String name) {
        Stream<Map.Entry<String, Role>> renamed = ROLES.entrySet().stream()
                .filter(r ->
                        genai.text("model.decoder.inputs." + r.getKey(), "").equals(name));
        Role role = renamed.findFirst().map(Map.Entry::getValue).orElse(ROLES.get(name));
        return Optional.ofNullable(role == Role.PAST_LENGTH && isLastPosition(name) ? Role.LAST_POSITION : role);
    }

    /** Whether attention takes the input as each sequence's last position: what it is called tells something else. */
    private boolean isLastPosition(String name) {
        for (NodeProto node : graph.getNodeList()) {
            List<String> in = node.getInputList();
            if (node.getOpType().equals("GroupQueryAttention")
                    && in.size() > SEQLENS_K
                    && in.get(SEQLENS_K).equals(name)) {
                return true;
            }
        }
        return false;
    }

    private String logits(List<ExternalState> states) {
        String named = genai.text("model.decoder.outputs.logits", "logits");
        if (outputs.containsKey(named)) {
            return named;
        }
        List<String> others = outputs.keySet().stream()
                .filter(o -> states.stream().noneMatch(s -> s.output().equals(o)))
                .toList();
        if (others.size() != 1) {
            throw refused("it gives no logits");
        }
        return others.getFirst();
    }

    private int vocabSize(String logits) {
        ValueInfoProto output = Optional.ofNullable(outputs.get(logits)).orElseThrow();
        List<Long> sizes = new PortShape(file.path(), output).sizes();
        long last = sizes.isEmpty() ? -1 : sizes.getLast();
        if (last > 0 && last <= Integer.MAX_VALUE) {
            return (int) last;
        }
        return genai.has("model.vocab_size") ? genai.size("model.vocab_size") : config.size("vocab_size");
    }

    private UnsupportedModelException refused(String why) {
        String takes = inputs.keySet().stream().limit(8).map(n -> quote(n)).collect(Collectors.joining(", "));
        String gives = outputs.keySet().stream().limit(8).map(n -> quote(n)).collect(Collectors.joining(", "));
        return new UnsupportedModelException(
                file.path(),
                "not a decoder to generate text with: %s; it takes %s%s and gives %s%s; OnnxModel runs any model"
                        .formatted(why, takes, inputs.size() > 8 ? ", …" : "", gives, outputs.size() > 8 ? ", …" : ""));
    }
}
