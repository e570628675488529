package org.attention4j.cli.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime's own attention operators, imported: what they compute is what ONNX Runtime computes, in F32. */
class AttentionNodesTest {
    private static final double TOLERANCE = 1e-5;
    private static final int BATCH = 2;
    private static final int HEADS = 4;
    private static final int KV_HEADS = 2;

    /** ONNX Runtime rotates heads of a multiple of this. */
    private static final int DIM = 16;

    @TempDir
    private Path folder;

    /** What GroupQueryAttention is asked for. */
    record GroupQuery(
            int past, int seq, boolean rotary, boolean interleaved, int window, double softcap, boolean packed) {}

    static Stream<GroupQuery> groupQueries() {
        return Stream.of(
                new GroupQuery(0, 5, false, false, -1, 0, false),
                new GroupQuery(3, 1, false, false, -1, 0, false),
                new GroupQuery(0, 5, true, false, -1, 0, false),
                new GroupQuery(3, 1, true, true, -1, 0, false),
                new GroupQuery(3, 1, true, false, 2, 0, false),
                new GroupQuery(0, 6, false, false, 3, 0, false),
                new GroupQuery(0, 5, false, false, -1, 2.5, false),
                new GroupQuery(3, 1, true, false, -1, 0, true));
    }

    @ParameterizedTest
    @MethodSource("groupQueries")
    void groupQueryAttention(GroupQuery g) throws IOException {
        OneNode node = OneNode.microsoft("GroupQueryAttention")
                .attribute("num_heads", HEADS)
                .attribute("kv_num_heads", KV_HEADS);
        if (g.packed) {
            node.random(BATCH, g.seq, (HEADS + 2 * KV_HEADS) * DIM).without(2);
        } else {
            node.random(BATCH, g.seq, HEADS * DIM)
                    .random(BATCH, g.seq, KV_HEADS * DIM)
                    .random(BATCH, g.seq, KV_HEADS * DIM);
        }
        node.random(BATCH, KV_HEADS, g.past, DIM).random(BATCH, KV_HEADS, g.past, DIM);
        int total = g.past + g.seq;
        node.input(OneNode.integers(DType.I32, Shape.of(BATCH), total - 1, total - 1))
                .input(OneNode.integers(DType.I32, Shape.of(1), total));
        if (g.rotary) {
            node.attribute("do_rotary", 1).attribute("rotary_interleaved", g.interleaved ? 1 : 0);
            node.random(16, DIM / 2).random(16, DIM / 2);
        }
        if (g.window > 0) {
            node.attribute("local_window_size", g.window);
        }
        node.number("softcap", g.softcap).agrees(folder, 3, TOLERANCE);
    }

    @Test
    void groupQueryAttentionWithSinks() throws IOException {
        OneNode.microsoft("GroupQueryAttention")
                .attribute("num_heads", HEADS)
                .attribute("kv_num_heads", KV_HEADS)
                .random(BATCH, 5, HEADS * DIM)
                .random(BATCH, 5, KV_HEADS * DIM)
                .random(BATCH, 5, KV_HEADS * DIM)
                .without(2)
                .input(OneNode.integers(DType.I32, Shape.of(BATCH), 4, 4))
                .input(OneNode.integers(DType.I32, Shape.of(1), 5))
                .without(4)
                .random(HEADS)
                .agrees(folder, 3, TOLERANCE);
    }

    @Test
    void groupQueryAttentionWithSmoothSoftmax() throws IOException {
        OneNode.microsoft("GroupQueryAttention")
                .attribute("num_heads", HEADS)
                .attribute("kv_num_heads", KV_HEADS)
                .attribute("smooth_softmax", 1)
                .random(BATCH, 5, HEADS * DIM)
                .random(BATCH, 5, KV_HEADS * DIM)
                .random(BATCH, 5, KV_HEADS * DIM)
                .without(2)
                .input(OneNode.integers(DType.I32, Shape.of(BATCH), 4, 4))
                .input(OneNode.integers(DType.I32, Shape.of(1), 5))
                .agrees(folder, 3, TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void rotaryEmbeddingFromAFirstPosition(int interleaved) throws IOException {
        OneNode.microsoft("RotaryEmbedding")
                .attribute("interleaved", interleaved)
                .random(BATCH, 5, HEADS * DIM)
                .input(Tensor.i64(Shape.of(1), 3))
                .random(16, DIM / 2)
                .random(16, DIM / 2)
                .agrees(folder, 1, TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void rotaryEmbeddingOfGivenPositionsAndHeads(int interleaved) throws IOException {
        OneNode.microsoft("RotaryEmbedding")
                .attribute("interleaved", interleaved)
                .random(BATCH, HEADS, 3, DIM)
                .input(Tensor.i64(Shape.of(BATCH, 3), 4, 0, 9, 2, 15, 7))
                .random(16, DIM / 2)
                .random(16, DIM / 2)
                .agrees(folder, 1, TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void rotaryEmbeddingOfPartOfAHead(int interleaved) throws IOException {
        OneNode.microsoft("RotaryEmbedding")
                .attribute("interleaved", interleaved)
                .attribute("num_heads", HEADS)
                .attribute("rotary_embedding_dim", DIM / 2)
                .random(BATCH, 3, HEADS * DIM)
                .input(Tensor.i64(Shape.of(BATCH, 3), 4, 0, 9, 2, 15, 7))
                .random(16, DIM / 4)
                .random(16, DIM / 4)
                .agrees(folder, 1, TOLERANCE);
    }

    @Test
    void decoderMaskedAttentionWritesItsTokenIntoTheCache() throws IOException {
        decoderMasked(BATCH, 1).agrees(folder, 3, TOLERANCE);
    }

    /** Of three beams, each reads slots that others wrote. */
    @Test
    void decoderMaskedAttentionOfBeams() throws IOException {
        decoderMasked(BATCH, 3).agrees(folder, 3, TOLERANCE);
    }

    private static OneNode decoderMasked(int groups, int beams) {
        int slots = 6;
        int past = 3;
        OneNode node = OneNode.microsoft("DecoderMaskedMultiHeadAttention")
                .attribute("num_heads", HEADS)
                .attribute("past_present_share_buffer", 1);
        for (int i = 0; i < 3; i++) {
            node.random((long) groups * beams, 1, HEADS * DIM);
        }
        Tensor from = Tensor.zeros(DType.I32, Shape.of(groups, beams, slots));
        for (long i = 0; i < from.shape().elements(); i++) {
            // Slot s of a beam; its own token is its own.
            from.setLong(i, i % slots < past ? (i * 7 / 3) % beams : i / slots % beams);
        }
        return node.without(2)
                .random((long) groups * beams, HEADS, slots, DIM)
                .random((long) groups * beams, HEADS, slots, DIM)
                .input(OneNode.integers(DType.I32, Shape.of(1), past))
                .input(OneNode.integers(DType.I32, Shape.of(1), beams))
                .input(from)
                .random(3 * HEADS * DIM);
    }
}
