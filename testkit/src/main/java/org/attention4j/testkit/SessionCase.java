package org.attention4j.testkit;

import java.util.function.ToIntFunction;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.state.Storage;

/**
 * A model for {@link SessionLaws}.
 *
 * @param name unique among the cases
 * @param takenBack how many of the last tokens a session of more tokens than any window can forget, in a backend's storage
 */
public record SessionCase(String name, ModelDefinition model, ToIntFunction<Storage> takenBack) {
    /** A model that keeps every token, and can forget them again. */
    public static SessionCase keepingAll(String name, ModelDefinition model) {
        return new SessionCase(name, model, storage -> Integer.MAX_VALUE);
    }

    /** A model that keeps the last tokens, in rings which have some slots more. */
    public static SessionCase keepingSome(String name, ModelDefinition model) {
        return new SessionCase(name, model, Storage::ringSlack);
    }

    /** A model that has, in some layer, a state in which past tokens can't be told apart. */
    public static SessionCase recurrent(String name, ModelDefinition model) {
        return new SessionCase(name, model, storage -> 0);
    }

    @Override
    public String toString() {
        return name;
    }
}
