package org.attention4j.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.stream.Stream;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.state.Retention;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.state.Storage;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class ModelDefinitionTest {
    private static final StateSpec RECURRENT =
            new StateSpec.Recurrent(List.of(Slot.recurrent("state", TensorType.of(DType.F32, Dims.BATCH, Dim.of(4)))));
    private static final StateSpec WINDOW = cache(new Retention.Window(16));
    private static final StateSpec ALL = cache(new Retention.All());

    private record Layers(List<LayerInfo> layers) implements ModelDefinition {
        static Layers of(StateSpec... states) {
            return new Layers(Stream.of(states)
                    .map(s -> new LayerInfo("layer", "any", "", s))
                    .toList());
        }

        @Override
        public ModelInfo info() {
            return new ModelInfo("layers", "", 1, 1, 1);
        }

        @Override
        public Graph graph(GraphOptions options) {
            return new GraphBuilder("layers").build();
        }
    }

    private static StateSpec cache(Retention retention) {
        return new StateSpec.KvCache(1, 8, 8, DType.F32, retention);
    }

    @Test
    void oneLayerThatKeepsAllTokensBoundsTheContext() {
        assertTrue(Layers.of(ALL).isContextBounded());
        assertTrue(Layers.of(RECURRENT, WINDOW, ALL, RECURRENT).isContextBounded());
        assertTrue(Layers.of(new StateSpec.LatentCache(8, 2, DType.F32, new Retention.All()))
                .isContextBounded());
        assertTrue(Layers.of(new StateSpec.Joint(ImmutableMap.of("ssm", RECURRENT, "attention", ALL)))
                .isContextBounded());
    }

    @Test
    void recurrencesAndWindowsDoNot() {
        ModelDefinition model =
                Layers.of(RECURRENT, WINDOW, cache(new Retention.SinksAndWindow(4, 16)), new StateSpec.None());
        assertFalse(model.isContextBounded());
        assertEquals(model.stateBytes(1000, Storage.EXACT), model.stateBytes(1_000_000, Storage.EXACT));
    }
}
