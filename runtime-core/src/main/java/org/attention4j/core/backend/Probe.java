package org.attention4j.core.backend;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** What a provider found on this machine. */
public sealed interface Probe {
    /**
     * The backend works.
     *
     * @param devices what it can run on, the default first; never empty
     */
    record Ready(List<Device> devices) implements Probe {
        public Ready {
            devices = ImmutableList.copyOf(devices);
        }
    }

    /**
     * The backend can't work here.
     *
     * @param reason what is missing: one sentence
     * @param remedy how to get it: one sentence
     */
    record Missing(String reason, String remedy) implements Probe {}
}
