package org.attention4j.testkit;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.nio.file.Path;
import java.util.Set;
import org.attention4j.core.tensor.Tensor;
import tools.jackson.databind.JsonNode;

/** One recorded call of an op: what it was given and what it gave. */
public final class GoldenCase {
    private final Path directory;
    private final JsonNode entry;

    GoldenCase(Path directory, JsonNode entry) {
        this.directory = directory;
        this.entry = entry;
    }

    /** The case's name in the index. */
    public String id() {
        return entry.get("id").asString();
    }

    /** The op's attributes, such as {@code num_heads}. */
    public JsonNode attrs() {
        return entry.get("attrs");
    }

    /** The inputs by name. */
    public ImmutableMap<String, Tensor> inputs() {
        return tensors("inputs");
    }

    /** The outputs by name. */
    public ImmutableMap<String, Tensor> outputs() {
        return tensors("outputs");
    }

    private ImmutableMap<String, Tensor> tensors(String group) {
        ImmutableMap<String, Tensor> all =
                Safetensors.read(directory.resolve(entry.get("file").asString()));
        Set<String> names = Set.copyOf(entry.get(group).propertyNames());
        return ImmutableMap.copyOf(Maps.filterKeys(all, names::contains));
    }

    /** How near a right implementation comes. */
    public Tolerance tolerance() {
        JsonNode tolerance = entry.get("tol");
        return new Tolerance(
                tolerance.get("atol").asDouble(), tolerance.get("rtol").asDouble());
    }

    @Override
    public String toString() {
        return id();
    }
}
