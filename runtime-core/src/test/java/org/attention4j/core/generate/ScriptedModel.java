package org.attention4j.core.generate;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Device;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.model.GraphOptions;
import org.attention4j.core.model.LayerInfo;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.state.Retention;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.state.Storage;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** A model whose logits a test writes as a function of the tokens seen, and a backend that records the runs. */
final class ScriptedModel {
    private final int vocabSize;
    private final Function<List<Integer>, float[]> logits;

    /** The number of tokens of each run. */
    final List<Integer> runs = new ArrayList<>();

    /** Called before each run. */
    Runnable beforeRun = () -> {};

    ScriptedModel(int vocabSize, Function<List<Integer>, float[]> logits) {
        this.vocabSize = vocabSize;
        this.logits = logits;
    }

    /** A model that continues a prompt of {@code promptLength} tokens by these, and then repeats the last of them. */
    static ScriptedModel saying(int vocabSize, int promptLength, int... tokens) {
        return new ScriptedModel(vocabSize, seen -> {
            float[] out = new float[vocabSize];
            out[tokens[Math.clamp(seen.size() - promptLength, 0, tokens.length - 1)]] = 1;
            return out;
        });
    }

    Session newSession(int contextLength, int prefillChunk) {
        return CompiledModel.compile(new Definition(), new Recorder(prefillChunk), CompileOptions.DEFAULT)
                .newSession(contextLength);
    }

    private final class Definition implements ModelDefinition {
        @Override
        public ModelInfo info() {
            return new ModelInfo("scripted", "", vocabSize, 1, 1000);
        }

        @Override
        public List<LayerInfo> layers() {
            StateSpec state = new StateSpec.KvCache(1, 1, 1, DType.F32, new Retention.All());
            return List.of(new LayerInfo("layer", "scripted", "", state));
        }

        @Override
        public Graph graph(GraphOptions options) {
            return new GraphBuilder("scripted").build();
        }
    }

    private final class Recorder implements Backend {
        private final int prefillChunk;

        Recorder(int prefillChunk) {
            this.prefillChunk = prefillChunk;
        }

        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public Device device() {
            return new Device("cpu", "a script");
        }

        @Override
        public Storage storage() {
            return new Storage(prefillChunk, 0);
        }

        @Override
        public CompiledGraph compile(Graph graph, CompileOptions options) {
            return new Compiled(graph);
        }

        @Override
        public void close() {}
    }

    private final class Compiled implements CompiledGraph {
        private final Graph graph;

        Compiled(Graph graph) {
            this.graph = graph;
        }

        @Override
        public Graph graph() {
            return graph;
        }

        @Override
        public Plan plan() {
            return new Plan("scripted", "cpu", List.of());
        }

        @Override
        public Execution newExecution(Map<String, Long> sizes) {
            return new Run();
        }

        @Override
        public ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private final class Run implements Execution {
        private final List<Integer> seen = new ArrayList<>();

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs) {
            beforeRun.run();
            long[] tokens = Optional.ofNullable(inputs.get(ModelDefinition.TOKENS))
                    .orElseThrow()
                    .toLongArray();
            runs.add(tokens.length);
            Arrays.stream(tokens).forEach(t -> seen.add((int) t));
            return Map.of(ModelDefinition.LOGITS, Tensor.f32(Shape.of(1, 1, vocabSize), logits.apply(seen)));
        }

        @Override
        public Tensor readState(String input) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void writeState(String input, Tensor value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
