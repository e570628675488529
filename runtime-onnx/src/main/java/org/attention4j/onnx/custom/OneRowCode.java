package org.attention4j.onnx.custom;

import static org.attention4j.x86.asm.Gpr.R12;
import static org.attention4j.x86.asm.Gpr.R13;
import static org.attention4j.x86.asm.Gpr.R14;
import static org.attention4j.x86.asm.Gpr.R8;
import static org.attention4j.x86.asm.Gpr.RAX;
import static org.attention4j.x86.asm.Gpr.RBP;
import static org.attention4j.x86.asm.Gpr.RBX;
import static org.attention4j.x86.asm.Gpr.RCX;
import static org.attention4j.x86.asm.Gpr.RDI;
import static org.attention4j.x86.asm.Gpr.RDX;
import static org.attention4j.x86.asm.Gpr.RSI;
import static org.attention4j.x86.asm.Gpr.RSP;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.attention4j.x86.OneRow;
import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.Gpr;
import org.attention4j.x86.asm.Label;
import org.attention4j.x86.asm.MappedMemory;
import org.attention4j.x86.asm.Mem;

/**
 * {@code KernelComputeV2(kernel, context)} as generated code, for nodes of one row: it asks ONNX Runtime for the operands' addresses, puts
 * them into a copy of the {@link OneRow}'s task, and calls what computes. With more rows, or dims that nobody expects, it goes on to the
 * code that calls Java. A call through Java takes some microseconds at best, and until it is compiled a multiple.
 *
 * <p>Of the stack it has, from RSP on: what functions return, the dims, the task, and the call's own memory.
 */
final class OneRowCode {
    static final int MOST_STACK_BYTES = 1 << 16;

    private static final Gpr[] KEPT = {RBX, RBP, R12, R13, R14};
    private static final Gpr NODE = RBX;
    private static final Gpr CONTEXT = R12;
    private static final Gpr VALUE = R13;
    private static final Gpr AXES = R14;
    private static final int OUT = 0;
    private static final int INFO = 8;
    private static final int DIMS = OneRow.ALIGNMENT;
    private static final int TASK = DIMS + OneRowNode.MOST_AXES * Long.BYTES;
    private static final Map<Frame, Long> CODE = new ConcurrentHashMap<>();

    /**
     * What code depends on; all other numbers are in the {@link NodeRecord}.
     *
     * @param firstDims how many of the input's dims must be as expected; all, and at the end of the record's, if negative
     * @param areAll whether it has no others
     * @param outputAxes of each output, unless as many as the input's
     * @param areShared of each launch, whether threads share it
     */
    private record Frame(
            int shapedBy,
            int firstDims,
            boolean areAll,
            ImmutableIntArray outputAxes,
            int taskBytes,
            ImmutableIntArray inputs,
            ImmutableIntArray outputs,
            OneRow.Own own,
            int shareField,
            List<Boolean> areShared) {
        static Frame of(OneRowNode node) {
            OneRow row = node.row();
            ImmutableList<Boolean> areShared =
                    row.launches().stream().map(l -> l.count() > 1).collect(ImmutableList.toImmutableList());
            int firstDims = -1;
            boolean areAll = true;
            ImmutableIntArray outputAxes = ImmutableIntArray.of();
            if (node.dims() instanceof OneRowNode.Dims.First first) {
                firstDims = first.input().length();
                areAll = first.areAll();
                outputAxes = ImmutableIntArray.copyOf(first.outputs().stream().mapToInt(o -> o.length()));
            }
            return new Frame(
                    node.shapedBy(),
                    firstDims,
                    areAll,
                    outputAxes,
                    Math.toIntExact(row.task().byteSize()),
                    row.inputs(),
                    row.outputs(),
                    row.own(),
                    row.shareField(),
                    areShared);
        }
    }

    private final Assembler a = new Assembler();
    private final Label slow = new Label();
    private final Label done = new Label();
    private final Frame frame;

    private OneRowCode(Frame frame) {
        this.frame = frame;
    }

    /** The address of the code for a node; made once in a process for all that are alike. */
    static long of(OneRowNode node) {
        return CODE.computeIfAbsent(
                Frame.of(node), f -> MappedMemory.code(new OneRowCode(f).code()).address());
    }

    /** The address of {@code f(kernel, context)} that goes to the code which a kernel's record names. */
    static long entry() {
        Assembler a = new Assembler();
        a.jmp(Mem.at(RDI, NodeRecord.CODE));
        return MappedMemory.code(a.bytes()).address();
    }

    private byte[] code() {
        for (Gpr r : KEPT) {
            a.push(r);
        }
        a.mov(RBP, RSP);
        int ownAt = TASK + frame.taskBytes;
        a.sub(RSP, ownAt + Math.toIntExact(frame.own.bytes()));
        a.and(RSP, -OneRow.ALIGNMENT);
        a.mov(NODE, RDI);
        a.mov(CONTEXT, RSI);
        dims();
        for (int at = 0; at < frame.taskBytes; at += OneRow.ALIGNMENT) {
            a.vmovups(0, Mem.at(NODE, NodeRecord.task(frame.outputs.length(), frame.areShared.size()) + at));
            a.vmovups(Mem.at(RSP, TASK + at), 0);
        }
        if (frame.own.bytes() > 0) {
            a.lea(RAX, Mem.at(RSP, ownAt));
            a.mov(Mem.at(RSP, TASK + frame.own.field()), RAX);
        }
        data(frame.inputs.get(frame.shapedBy));
        for (int i = 0; i < frame.inputs.length(); i++) {
            if (i != frame.shapedBy) {
                input(i);
                data(frame.inputs.get(i));
            }
        }
        for (int i = 0; i < frame.outputs.length(); i++) {
            output(i);
            data(frame.outputs.get(i));
        }
        for (int i = 0; i < frame.areShared.size(); i++) {
            launch(i);
        }
        a.mov(RAX, 0);
        a.place(done);
        leave();
        a.ret();
        a.place(slow);
        a.mov(RDI, NODE);
        a.mov(RSI, CONTEXT);
        leave();
        a.jmp(Mem.at(RDI, NodeRecord.SLOW));
        return a.bytes();
    }

    private void leave() {
        a.vzeroupper();
        a.mov(RSP, RBP);
        for (int i = KEPT.length - 1; i >= 0; i--) {
            a.pop(KEPT[i]);
        }
    }

    /** Leaves the input that tells of rows in VALUE, and its number of axes in AXES. */
    private void dims() {
        input(frame.shapedBy);
        a.mov(RDI, VALUE);
        a.lea(RSI, Mem.at(RSP, INFO));
        status(OrtApi.Address.GET_TENSOR_TYPE_AND_SHAPE);
        a.mov(RDI, Mem.at(RSP, INFO));
        a.lea(RSI, Mem.at(RSP, OUT));
        status(OrtApi.Address.GET_DIMENSIONS_COUNT);
        a.mov(AXES, Mem.at(RSP, OUT));
        // Of more axes the first ones will do: those are never expected.
        Label few = new Label();
        a.mov(RDX, AXES);
        a.cmp(RDX, OneRowNode.MOST_AXES);
        a.jle(few);
        a.mov(RDX, OneRowNode.MOST_AXES);
        a.place(few);
        a.mov(RDI, Mem.at(RSP, INFO));
        a.lea(RSI, Mem.at(RSP, DIMS));
        status(OrtApi.Address.GET_DIMENSIONS);
        a.mov(RDI, Mem.at(RSP, INFO));
        call(OrtApi.Address.RELEASE_TENSOR_TYPE_AND_SHAPE_INFO);
        a.cmp(AXES, OneRowNode.MOST_AXES);
        a.jg(slow);
        if (frame.firstDims >= 0) {
            a.cmp(AXES, frame.firstDims);
            if (frame.areAll) {
                a.jne(slow);
            } else {
                a.jl(slow);
            }
            for (int i = 0; i < frame.firstDims; i++) {
                a.mov(RAX, Mem.at(RSP, DIMS + i * Long.BYTES));
                a.cmp(RAX, Mem.at(NODE, NodeRecord.INPUT_DIMS + i * Long.BYTES));
                a.jne(slow);
            }
            return;
        }
        a.cmp(AXES, 0);
        a.jle(slow);
        lastDims(RDX, NodeRecord.INPUT_DIMS);
        a.mov(RCX, 0);
        Label next = new Label();
        a.place(next);
        a.mov(RAX, Mem.at(RSP, RCX, 8, DIMS));
        a.cmp(RAX, Mem.at(RDX, RCX, 8, 0));
        a.jne(slow);
        a.add(RCX, 1);
        a.cmp(RCX, AXES);
        a.jl(next);
    }

    /** The address of the last AXES of the record's dims that begin at a place. */
    private void lastDims(Gpr to, int at) {
        a.mov(RAX, AXES);
        a.shl(RAX, 3);
        a.lea(to, Mem.at(NODE, at + OneRowNode.MOST_AXES * Long.BYTES));
        a.sub(to, RAX);
    }

    /** Leaves it in VALUE. */
    private void input(int index) {
        a.mov(RDI, CONTEXT);
        a.mov(RSI, index);
        a.lea(RDX, Mem.at(RSP, OUT));
        status(OrtApi.Address.KERNEL_CONTEXT_GET_INPUT);
        a.mov(VALUE, Mem.at(RSP, OUT));
    }

    /** Leaves it in VALUE. */
    private void output(int index) {
        if (frame.firstDims >= 0) {
            a.lea(RDX, Mem.at(NODE, NodeRecord.outputDims(index)));
            a.mov(RCX, frame.outputAxes.get(index));
        } else {
            lastDims(RDX, NodeRecord.outputDims(index));
            a.mov(RCX, AXES);
        }
        a.mov(RDI, CONTEXT);
        a.mov(RSI, index);
        a.lea(R8, Mem.at(RSP, OUT));
        status(OrtApi.Address.KERNEL_CONTEXT_GET_OUTPUT);
        a.mov(VALUE, Mem.at(RSP, OUT));
    }

    /** Puts the address of VALUE's elements into the task. */
    private void data(int field) {
        a.mov(RDI, VALUE);
        a.lea(RSI, Mem.at(RSP, TASK + field));
        status(OrtApi.Address.GET_TENSOR_MUTABLE_DATA);
    }

    private void launch(int index) {
        int at = NodeRecord.launch(frame.outputs.length(), index);
        a.mov(RAX, Mem.at(NODE, at + Long.BYTES));
        a.mov(Mem.at(RSP, TASK + frame.shareField), RAX);
        if (frame.areShared.get(index)) {
            a.mov(RDI, CONTEXT);
            a.mov(RSI, Mem.at(NODE, at));
            a.mov(RDX, Mem.at(NODE, at + 2 * Long.BYTES));
            a.mov(RCX, 0);
            a.lea(R8, Mem.at(RSP, TASK));
            status(OrtApi.Address.KERNEL_CONTEXT_PARALLEL_FOR);
        } else {
            a.lea(RDI, Mem.at(RSP, TASK));
            a.mov(RSI, 0);
            a.mov(RAX, Mem.at(NODE, at));
            a.call(RAX);
        }
    }

    /** Calls a function that returns an {@code OrtStatus*}: it goes to ONNX Runtime unless it is null. */
    private void status(OrtApi.Address function) {
        call(function);
        a.cmp(RAX, 0);
        a.jne(done);
    }

    private void call(OrtApi.Address function) {
        a.movabs(RAX, function.value());
        a.call(RAX);
    }
}
