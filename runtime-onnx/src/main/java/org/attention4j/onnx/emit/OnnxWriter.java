package org.attention4j.onnx.emit;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.file.ExternalDataWriter.Source;
import org.attention4j.onnx.proto.AttributeProto;
import org.attention4j.onnx.proto.GraphProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.StringStringEntryProto;
import org.attention4j.onnx.proto.TensorProto.DataType;

/**
 * Collects the nodes and weights of an ONNX graph. Names of values are made unique here; constants of the source graph are
 * written when something first reads them, so a weight that a lowering repacks is never stored twice. Not thread-safe.
 */
public final class OnnxWriter extends TensorWriter {
    /** Whole elements of every type. */
    private final Graph source;

    private final LoweringContext context;
    private final ModelEmitter emitter;
    private final Optional<OnnxWriter> parent;
    private final GraphProto.Builder graph;
    private final WeightStore weights;
    private final Map<Value, String> names = new HashMap<>();
    private final Map<Value, Tensor> constants = new HashMap<>();
    private final Map<Object, String> made = new HashMap<>();
    private final Set<String> used;
    /** How often the name of a label was taken: a model of many experts has tens of thousands of products. */
    private final Map<String, Integer> counts;

    private final StateUse states;
    private final Set<String> computed;
    private final Map<String, String> renamed = new HashMap<>();
    private final DimValues dims;
    private final Reshapes reshapes;
    private final Supplier<ImmutableListMultimap<Value, Op>> readers;

    /** A writer of a whole model, whose weights go to {@code weights}. */
    OnnxWriter(Graph source, LoweringContext context, WeightStore weights, ModelEmitter emitter) {
        this.source = source;
        this.context = context;
        this.emitter = emitter;
        this.parent = Optional.empty();
        this.graph = GraphProto.newBuilder().setName(source.name());
        this.weights = weights;
        this.used = new HashSet<>();
        this.counts = new HashMap<>();
        this.computed = new HashSet<>();
        this.states = new StateUse(source.states().keySet());
        this.dims = new DimValues(this, source.inputs());
        this.reshapes = new Reshapes();
        this.readers = Suppliers.memoize(() -> readers(source));
        begin();
    }

    /** A writer of a scan's body, which sees the names of {@code outer}. */
    OnnxWriter(Graph body, OnnxWriter outer) {
        this(body, outer, GraphProto.newBuilder().setName(outer.unique(body.name())), new HashSet<>());
    }

    private OnnxWriter(Graph source, OnnxWriter outer, GraphProto.Builder graph, Set<String> computed) {
        this.source = source;
        this.context = outer.context;
        this.emitter = outer.emitter;
        this.parent = Optional.of(outer);
        this.graph = graph;
        this.weights = outer.weights;
        this.used = outer.used;
        this.counts = outer.counts;
        this.computed = computed;
        this.states = outer.states;
        this.dims = outer.dims;
        this.reshapes = outer.reshapes;
        this.readers = Suppliers.memoize(() -> readers(source));
        findConstants();
    }

    /** A writer of the ops of {@code source} among those of {@code outer}. */
    static OnnxWriter inline(Graph source, OnnxWriter outer) {
        return new OnnxWriter(source, outer, outer.graph, outer.computed);
    }

    private void begin() {
        findConstants();
        // A value may have the id that some other value has as a result.
        used.addAll(source.results().keySet());
        for (Value input : source.inputs()) {
            used.add(input.id());
            bind(input, input.id());
            graph.addInput(OnnxTypes.info(input.id(), input.type()));
        }
    }

    private void findConstants() {
        for (Op op : source.ops()) {
            if (op instanceof Primitive(PrimitiveOp.Constant c, var in, var out)) {
                constants.put(out.getFirst(), c.value());
            }
        }
    }

    /** The graph that is written: the model's, or a scan's body. */
    public Graph source() {
        return source;
    }

    /** What lowerings may know. */
    public LoweringContext context() {
        return context;
    }

    /** The ops of {@link #source()} that read a value, in order. */
    public List<Op> readers(Value value) {
        return readers.get().get(value);
    }

    private static ImmutableListMultimap<Value, Op> readers(Graph graph) {
        ImmutableListMultimap.Builder<Value, Op> readers = ImmutableListMultimap.builder();
        graph.ops().forEach(op -> ImmutableSet.copyOf(op.inputs()).forEach(v -> readers.put(v, op)));
        return readers.build();
    }

    // Values

    /** Says that {@code value} is computed under this ONNX name. */
    public void bind(Value value, String name) {
        names.put(value, name);
        know(name, value.type().dims());
    }

    /** Says what dims a name has, which spares reshapes of it. */
    public void know(String name, List<Dim> of) {
        reshapes.know(name, of);
    }

    /** The same for what a node of an operator gives of which ONNX Runtime can't tell that itself. */
    public void declare(String name, TensorType type) {
        know(name, type.dims());
        graph.addValueInfo(OnnxTypes.info(name, type));
    }

    /** Whether a value has been computed: with {@link #bind} a lowering may do so for more than its own composite. */
    public boolean isBound(Value value) {
        return names.containsKey(value);
    }

    /** The ONNX name of a value; writes it first if it is a constant that nothing has read yet. */
    public String name(Value value) {
        String known = names.get(value);
        if (known != null) {
            return known;
        }
        Tensor tensor = constants.get(value);
        if (tensor == null) {
            return parent.orElseThrow(() -> new IllegalStateException(value + " is read before it is computed"))
                    .name(value);
        }
        String name = tensor.dtype().isQuantized() ? f32(value.id(), tensor) : constant(value.id(), tensor);
        names.put(value, name);
        return name;
    }

    /** The tensor behind a value that is a constant of the source graph. */
    public Optional<Tensor> tensor(Value value) {
        Tensor tensor = constants.get(value);
        return tensor != null ? Optional.of(tensor) : parent.flatMap(p -> p.tensor(value));
    }

    /** The ONNX name of a value as F32; a constant is converted chunk by chunk as it is stored. */
    public String f32(Value value) {
        DType dtype = value.type().dtype();
        // What was computed from blocks, such as gathered rows, is F32 already.
        if (dtype == DType.F32 || dtype.isQuantized()) {
            return name(value);
        }
        return tensor(value)
                .map(t -> f32(value.id(), t))
                .orElseGet(() ->
                        op("Cast", List.of(name(value)), Attributes.of("to", (long) DataType.FLOAT.getNumber())));
    }

    private String f32(String label, Tensor tensor) {
        return once(List.of("f32", tensor), w -> w.f32(label, tensor.shape().dims(), List.of(tensor)));
    }

    /** What {@code make} writes into the model's outermost graph, where all others see it, written once for each key. */
    @Override
    public String once(Object key, Function<OnnxWriter, String> make) {
        OnnxWriter root = root();
        String known = root.made.get(key);
        if (known == null) {
            known = make.apply(root);
            root.made.put(key, known);
        }
        return known;
    }

    // Initializers

    /** Stores bytes that are made chunk by chunk, if they are stored at all: see {@link WeightStore#put}. */
    @Override
    public String initializer(String label, DataType type, long[] shape, int chunkBytes, Supplier<Source> source) {
        String name = unique(label);
        root().graph.addInitializer(weights.put(name, type, shape, chunkBytes, source));
        return name;
    }

    /** Where initializers are stored. */
    public WeightStore weights() {
        return weights;
    }

    // Nodes

    /** Adds a node of ONNX's own operators with one output; its name is the output's. */
    public String op(String type, List<String> inputs, AttributeProto... attributes) {
        return ops("", type, inputs, 1, attributes).getFirst();
    }

    /** Adds a node of {@code com.microsoft} with one output. */
    public String msOp(String type, List<String> inputs, AttributeProto... attributes) {
        return ops("com.microsoft", type, inputs, 1, attributes).getFirst();
    }

    /**
     * Adds a node.
     *
     * @param inputs names; an empty one leaves an optional input out
     * @return the names of its outputs
     */
    public List<String> ops(
            String domain, String type, List<String> inputs, int numOutputs, AttributeProto... attributes) {
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < numOutputs; i++) {
            outputs.add(unique(type));
        }
        add(domain, type, inputs, outputs, attributes);
        return outputs;
    }

    private void add(
            String domain, String type, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
        computed.addAll(outputs);
        graph.addNode(NodeProto.newBuilder()
                .setDomain(domain)
                .setOpType(type)
                .setName(outputs.getFirst())
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(ImmutableList.copyOf(attributes)));
    }

    /** Adds to the metadata of the node that was added last. */
    public void describe(String key, String value) {
        graph.getNodeBuilder(graph.getNodeCount() - 1)
                .addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value));
    }

    /**
     * Writes the ops of another graph here, with lowerings chosen for its composites as for all others. Sizes that only it has,
     * such as those that depend on data, must not be asked for by its ops.
     *
     * @param inputs the ONNX names of its inputs, in order
     * @return the ONNX names of its results, in order
     */
    public List<String> inline(Graph other, List<String> inputs) {
        return emitter.inline(this, other, inputs);
    }

    // Shapes

    /** The name of an I64 vector that holds these dims, for {@code Reshape}, {@code Expand} and the like. */
    public String shape(List<Dim> of) {
        return dims.vector(of);
    }

    /** The name of an I64 scalar that holds the size of a dimension. */
    public String size(Dim dim) {
        return dims.scalar(dim);
    }

    /** x with other dims, with a constant shape where no more than one of them is unknown. */
    public String reshape(String x, List<Dim> to) {
        return reshapes.find(x, to).orElseGet(() -> {
            String y = writeReshape(reshapes.origin(x), to);
            reshapes.reshaped(x, y, to);
            return y;
        });
    }

    private String writeReshape(String x, List<Dim> to) {
        long unknown = to.stream().filter(d -> !d.isFixed()).count();
        boolean hasZero = to.contains(Dim.of(0));
        if (unknown > 1 || hasZero) {
            return op("Reshape", List.of(x, shape(to)), Attributes.of("allowzero", 1));
        }
        long[] target = to.stream()
                .mapToLong(d -> d instanceof Dim.Fixed(long size) ? size : -1)
                .toArray();
        return op("Reshape", List.of(x, constant(target)));
    }

    // States

    /** What lowerings do with the memory of states. */
    public StateUse states() {
        return states;
    }

    /** {@link StateUse#updateInPlace}. */
    public void updateInPlace(Value input) {
        states.updateInPlace(input);
    }

    // The whole

    /**
     * Declares a result of the graph. The node that computes it gets the result's name, so that it writes to the result's
     * memory; what no node computes, or has a result's name already, is copied.
     */
    void result(String resultName, Value value) {
        String name = name(value);
        if (computed.contains(name) && !renamed.containsKey(name)) {
            renamed.put(name, resultName);
        } else {
            add("", "Identity", List.of(name), List.of(resultName));
        }
        graph.addOutput(OnnxTypes.info(resultName, value.type()));
    }

    /** Declares an input of a scan's body. */
    void bodyInput(Value value) {
        String name = unique(value.id());
        bind(value, name);
        graph.addInput(OnnxTypes.info(name, value.type()));
    }

    GraphProto build() {
        GraphProto all = graph.build();
        return LiveNodes.of(renamed.isEmpty() ? all : new Renaming(renamed).apply(all));
    }

    OnnxWriter root() {
        return parent.map(OnnxWriter::root).orElse(this);
    }

    String unique(String label) {
        String name = label;
        while (!used.add(name)) {
            name = label + "." + (1 + counts.merge(label, 1, Integer::sum));
        }
        return name;
    }
}
