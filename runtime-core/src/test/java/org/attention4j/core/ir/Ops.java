package org.attention4j.core.ir;

import java.util.List;

/** Small composites for tests. */
final class Ops {
    private Ops() {}

    /** {@code x + x}. */
    record Twice() implements CompositeOp {
        @Override
        public String name() {
            return "double";
        }

        @Override
        public List<String> inputNames() {
            return List.of("x");
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return inputs;
        }

        @Override
        public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
            return List.of(b.add(inputs.getFirst(), inputs.getFirst()));
        }
    }

    /** {@code 4 x}, by {@link Twice} of {@link Twice}. */
    record Quadruple() implements CompositeOp {
        @Override
        public String name() {
            return "quadruple";
        }

        @Override
        public List<String> inputNames() {
            return List.of("x");
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return inputs;
        }

        @Override
        public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
            return List.of(b.apply(new Twice(), b.apply(new Twice(), inputs.getFirst())));
        }
    }

    /** {@code (x − y, x)}. */
    record Pair() implements CompositeOp {
        @Override
        public String name() {
            return "pair";
        }

        @Override
        public List<String> inputNames() {
            return List.of("x", "y");
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return inputs;
        }

        @Override
        public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
            return List.of(b.sub(inputs.get(0), inputs.get(1)), inputs.get(0));
        }
    }

    /** Infers what it does not compute. */
    record Lying() implements CompositeOp {
        @Override
        public String name() {
            return "lying";
        }

        @Override
        public List<String> inputNames() {
            return List.of("x");
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return inputs;
        }

        @Override
        public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
            return List.of(b.unsqueeze(inputs.getFirst(), 0));
        }
    }
}
