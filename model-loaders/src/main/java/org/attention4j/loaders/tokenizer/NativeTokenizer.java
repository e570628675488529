package org.attention4j.loaders.tokenizer;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.nio.file.Path;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.attention4j.loaders.ModelFormatException;

/**
 * An encoder of Hugging Face's library, outside the heap. It is called through DJL's native layer: the classes above it cut texts
 * at 512 tokens, copy seven arrays per text, and may report home.
 */
final class NativeTokenizer implements AutoCloseable {
    private static final String OFFLINE = "ai.djl.offline";

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private long handle;

    private NativeTokenizer(long handle) {
        this.handle = handle;
    }

    /**
     * Makes an encoder from a checked {@code tokenizer.json}.
     *
     * @throws ModelFormatException if the library refuses it or can't be loaded
     */
    static NativeTokenizer of(Path file, String json) {
        try {
            load();
        } catch (LinkageError | RuntimeException e) {
            throw new ModelFormatException(
                    file, "the library that reads tokenizer.json can't be loaded on this platform: " + e, e);
        }
        try {
            return new NativeTokenizer(TokenizersLibrary.LIB.createTokenizerFromString(json));
        } catch (RuntimeException e) {
            throw new ModelFormatException(file, "refused by the tokenizers library: " + e.getMessage(), e);
        }
    }

    /** Unpacks the library from the jar on first use; offline, so that it looks neither for GPUs nor for a download. */
    private static void load() {
        synchronized (NativeTokenizer.class) {
            String before = System.getProperty(OFFLINE);
            System.setProperty(OFFLINE, "true");
            try {
                LibUtils.checkStatus();
            } finally {
                if (before == null) {
                    System.clearProperty(OFFLINE);
                } else {
                    System.setProperty(OFFLINE, before);
                }
            }
        }
    }

    /**
     * The ids of a well-formed text, nothing added.
     *
     * @throws IllegalArgumentException if the vocabulary can't express it
     * @throws IllegalStateException if this is closed
     */
    long[] encode(String text) {
        lock.readLock().lock();
        try {
            if (handle == 0) {
                throw new IllegalStateException("encode: the tokenizer is closed");
            }
            long encoding = TokenizersLibrary.LIB.encode(handle, text, false);
            try {
                return TokenizersLibrary.LIB.getTokenIds(encoding);
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        } catch (IllegalStateException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("encode: " + e.getMessage(), e);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (handle != 0) {
                TokenizersLibrary.LIB.deleteTokenizer(handle);
                handle = 0;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
