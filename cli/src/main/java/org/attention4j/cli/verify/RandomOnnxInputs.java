package org.attention4j.cli.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.onnx.DimAlgebra;
import org.attention4j.onnx.file.OnnxModels;
import org.attention4j.onnx.proto.TensorShapeProto;
import org.attention4j.onnx.proto.ValueInfoProto;

/**
 * Inputs that a graph can be run with: sizes for its symbols; floats near 0; ids within the tables that they choose from; masks that
 * show the first tokens of each sequence. Equal graphs get equal inputs.
 */
final class RandomOnnxInputs {
    private static final long SEED = 17;

    /** Ids are below this, and below the size of their table. */
    private static final long FEW = 1000;

    /** What caches hold. */
    private static final long FEW_TOKENS = 2;

    private final Graph graph;
    private final Map<String, Long> sizes = new HashMap<>();

    RandomOnnxInputs(Graph graph) {
        this.graph = graph;
        for (Value input : graph.inputs()) {
            for (Dim dim : input.type().dims()) {
                DimAlgebra.symbols(dim).forEach(name -> sizes.put(name, size(name)));
            }
        }
    }

    /** Batches are small, hidden sizes a multiple of most numbers of heads, all else a few tokens. */
    private static long size(String symbol) {
        String name = symbol.toLowerCase(Locale.ROOT);
        if (name.contains("batch") || name.equals("n") || name.equals("b") || name.endsWith("#0")) {
            return 2;
        }
        if (name.contains("hidden") || name.contains("inter_dim") || name.contains("feature")) {
            return 96;
        }
        if (name.contains("num_heads")) {
            return 2;
        }
        if (name.contains("num_beams")) {
            return 1;
        }
        return name.contains("past") || name.contains("cache") || name.endsWith("#1") ? FEW_TOKENS : 5;
    }

    /** Sizes for all names that a file has for dimensions, in order. */
    static Map<String, Long> sizesOf(Path file) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        try {
            for (ValueInfoProto input : OnnxModels.read(file).getGraph().getInputList()) {
                for (TensorShapeProto.Dimension d :
                        input.getType().getTensorType().getShape().getDimList()) {
                    if (!d.getDimParam().isEmpty()) {
                        sizes.put(d.getDimParam(), size(d.getDimParam()));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sizes;
    }

    /** A tensor for each input. */
    Map<String, Tensor> tensors() {
        Random random = new Random(SEED);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Value input : graph.inputs()) {
            TensorType type = input.type();
            Tensor t = Tensor.zeros(type.dtype(), type.shape(sizes));
            if (isMask(input)) {
                fillMask(t);
            } else if (type.dtype().isFloat()) {
                // Weights keep the size of what they multiply.
                boolean matrix = t.shape().rank() == 2;
                double size = matrix ? 1 / Math.sqrt((double) t.shape().dim(0)) : 0.5;
                for (long i = 0; i < t.shape().elements(); i++) {
                    t.setDouble(i, random.nextGaussian() * size);
                }
            } else {
                fillIds(input, t, random);
            }
            tensors.put(input.id(), t);
        }
        return tensors;
    }

    /** Of integers that choose from no table; or so called, if it is no bias of all scores. */
    private boolean isMask(Value input) {
        String name = input.id().toLowerCase(Locale.ROOT);
        boolean integers = input.type().dtype().isInteger();
        return (name.contains("mask") && (integers || input.type().rank() < 4))
                || (integers && input.type().rank() == 2 && smallestTable(input) == Long.MAX_VALUE);
    }

    /** A vector holds lengths; else 1 for the tokens that count: of sequence i all but the last i. */
    private void fillMask(Tensor t) {
        Shape shape = t.shape();
        if (shape.rank() == 1) {
            for (long i = 0; i < shape.elements(); i++) {
                t.setLong(i, Math.max(1, longest() - i));
            }
            return;
        }
        long columns = shape.dim(shape.rank() - 1);
        long each = shape.elements() / shape.dim(0);
        for (long i = 0; i < shape.elements(); i++) {
            long sequence = i / each;
            long shown = Math.max(1, columns - sequence);
            t.setLong(i, i % columns < shown ? 1 : 0);
        }
    }

    private long longest() {
        return graph.inputs().stream()
                .filter(v -> v.type().rank() == 3)
                .mapToLong(v -> v.type().dim(1).evaluate(sizes))
                .findFirst()
                .orElse(1);
    }

    private void fillIds(Value input, Tensor t, Random random) {
        String name = input.id().toLowerCase(Locale.ROOT);
        if (name.contains("cache_indir")) {
            return;
        }
        if (name.contains("past_seq")) {
            t.setLong(0, FEW_TOKENS);
            return;
        }
        if (name.contains("beam_width")) {
            t.setLong(0, 1);
            return;
        }
        long limit = t.dtype() == DType.BOOL ? 2 : Math.min(FEW, smallestTable(input));
        for (long i = 0; i < t.shape().elements(); i++) {
            t.setLong(i, random.nextLong(limit));
        }
    }

    /** The rows of the smallest table that an input's entries choose from, seen through casts and choices. */
    private long smallestTable(Value input) {
        Set<Value> ids = new HashSet<>(Set.of(input));
        long limit = Long.MAX_VALUE;
        for (Op op : graph.ops()) {
            if (op.inputs().stream().noneMatch(ids::contains)) {
                continue;
            }
            boolean passes = op instanceof Primitive p
                    && (p.op() instanceof PrimitiveOp.Cast || p.op() instanceof PrimitiveOp.Where);
            if (passes) {
                ids.addAll(op.outputs());
            } else if (op instanceof Primitive p
                    && p.op() instanceof PrimitiveOp.Gather g
                    && ids.contains(op.inputs().get(1))) {
                Dim rows = op.inputs().getFirst().type().dim(g.axis());
                limit = Math.min(limit, rows.evaluate(sizes));
            } else if (op.name().equals("embedding") && ids.contains(op.inputs().getFirst())) {
                limit = Math.min(limit, op.inputs().get(1).type().dim(0).evaluate(sizes));
            }
        }
        return limit;
    }
}
