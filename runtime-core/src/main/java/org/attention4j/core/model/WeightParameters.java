package org.attention4j.core.model;

import java.util.Optional;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Parameters;

/** Weights as constants of a graph. */
final class WeightParameters implements Parameters {
    private final GraphBuilder builder;
    private final Weights weights;

    WeightParameters(GraphBuilder builder, Weights weights) {
        this.builder = builder;
        this.weights = weights;
    }

    @Override
    public Optional<Value> find(String name) {
        return weights.find(name).map(t -> builder.weight(name, t));
    }

    @Override
    public Value get(String name) {
        return builder.weight(name, weights.get(name));
    }
}
