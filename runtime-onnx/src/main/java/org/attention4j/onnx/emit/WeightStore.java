package org.attention4j.onnx.emit;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.file.ExternalDataWriter;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;

/** Where the weights of a model go while its nodes are emitted. */
public interface WeightStore {
    /**
     * Puts a tensor.
     *
     * @param chunkBytes how many bytes are made at once; of the last ones there may be fewer
     * @param source makes what makes them, if somebody wants them
     * @return what the model says of it
     */
    TensorProto put(
            String name, DataType type, long[] dims, int chunkBytes, Supplier<ExternalDataWriter.Source> source);

    /**
     * Packs weights for products by generated code, where the model runs on this machine.
     *
     * @param tensors {@code [rows, columns]} of one type and one number of columns, one below the other
     * @return the number by which nodes know them
     */
    long packed(List<Tensor> tensors);

    /**
     * Lets nodes read rows of a table of blocks where it is, where the model runs on this machine.
     *
     * @return the number by which nodes know it
     */
    long table(Tensor table);

    /**
     * Says that a tensor is read only while the session is made, or only a few rows of it in a run: what was read of it need not
     * stay in memory.
     */
    void readSeldom(String name);

    /** Says that all that was put of {@code tensor} has been: pages of a mapped file that hold it need not stay in memory. */
    void wasRead(Tensor tensor);

    /**
     * Emits parts of the model.
     *
     * @param count how many there are
     * @param form of a part by its number: parts of equal forms differ in the values of their weights and in nothing else
     * @param emit writes a part and returns the name of its result
     * @return the names of all results
     */
    List<String> each(int count, IntFunction<?> form, IntFunction<String> emit);

    /** A tensor's name, type and dims. */
    static TensorProto.Builder named(String name, DataType type, long[] dims) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        return tensor;
    }
}
