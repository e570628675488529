package org.attention4j.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** An exported decoder as any program would run it: by ONNX Runtime's own API, passing states from run to run. */
public final class PlainDecoder implements AutoCloseable {
    private final OrtEnvironment environment = OrtRuntime.environment();
    private final OrtSession session;
    private final long batch;
    private Optional<OrtSession.Result> last = Optional.empty();
    private final Map<String, OnnxTensor> states = new HashMap<>();
    private long length;

    /** Loads a model, for so many sequences at once. */
    public PlainDecoder(Path model, long batch) throws OrtException {
        this.batch = batch;
        this.session = environment.createSession(model.toString(), new OrtSession.SessionOptions());
        for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
            if (input.getKey().startsWith("past_")) {
                long[] dims = ((TensorInfo) input.getValue().getInfo()).getShape();
                dims[0] = batch;
                long elements = Arrays.stream(dims).map(d -> Math.max(d, 0)).reduce(1, (a, b) -> a * b);
                long[] shape = Arrays.stream(dims).map(d -> Math.max(d, 0)).toArray();
                states.put(
                        input.getKey(),
                        OnnxTensor.createTensor(environment, FloatBuffer.allocate((int) elements), shape));
            }
        }
    }

    /** Gives tokens, all sequences' first, then all sequences' second...: {@code [batch][seq]}. */
    public float[][][] run(long[][] ids, long[][] mask, long[][] positions) throws OrtException {
        int seq = ids[0].length;
        Map<String, OnnxTensor> in = new HashMap<>(states);
        put(in, "input_ids", ids);
        put(in, "attention_mask", mask);
        put(in, "position_ids", positions);
        in.keySet().retainAll(session.getInputNames());
        OrtSession.Result result = session.run(in);
        length += seq;
        float[][][] logits = (float[][][]) result.get("logits").orElseThrow().getValue();
        for (Map.Entry<String, OnnxTensor> state : states.entrySet()) {
            String input = state.getKey();
            String present = input.startsWith("past_key_values.")
                    ? input.replace("past_key_values.", "present.")
                    : input.replace("past_", "present_");
            state.setValue((OnnxTensor) result.get(present).orElseThrow());
        }
        last.ifPresent(OrtSession.Result::close);
        last = Optional.of(result);
        return logits;
    }

    /** Gives the same tokens to each sequence, without padding. */
    public float[][][] run(int... tokens) throws OrtException {
        long[][] ids = new long[(int) batch][];
        long[][] mask = new long[(int) batch][(int) length + tokens.length];
        long[][] positions = new long[(int) batch][tokens.length];
        for (int b = 0; b < batch; b++) {
            ids[b] = Arrays.stream(tokens).asLongStream().toArray();
            Arrays.fill(mask[b], 1);
            for (int i = 0; i < tokens.length; i++) {
                positions[b][i] = length + i;
            }
        }
        return run(ids, mask, positions);
    }

    private void put(Map<String, OnnxTensor> in, String name, long[][] values) throws OrtException {
        long[] flat = Arrays.stream(values).flatMapToLong(Arrays::stream).toArray();
        in.put(name, OnnxTensor.createTensor(environment, LongBuffer.wrap(flat), new long[] {batch, values[0].length}));
    }

    /** The model's inputs. */
    public Iterable<String> inputs() {
        return session.getInputNames();
    }

    @Override
    public void close() throws OrtException {
        last.ifPresent(OrtSession.Result::close);
        session.close();
    }
}
