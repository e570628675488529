package org.attention4j.tornado.attention;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;

/** Attention to caches as plain Java. */
class JavaCachedAttentionTest extends CachedAttentionCases {
    @Override
    Backend backend() {
        return TestBackends.java();
    }
}
