package org.attention4j.loaders.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Changes messages anywhere: numbers become others, also absurd ones, names become other names of the message, parts are left out,
 * doubled or swapped. The result can always be written, so that what is tried is what a message says and not its bytes.
 */
final class MessageMutator {
    private static final long[] LONGS = {
        0,
        1,
        -1,
        2,
        3,
        5,
        31,
        33,
        -7,
        127,
        1 << 16,
        Integer.MAX_VALUE,
        1L << 31,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final float[] FLOATS = {0, -0f, 1, -1, 1e30f, Float.NaN, Float.NEGATIVE_INFINITY};

    private final Random random;
    private final List<String> words;

    /** @param words that names may become, besides those of the message */
    MessageMutator(long seed, List<String> words) {
        this.random = new Random(seed);
        this.words = List.copyOf(words);
    }

    /** The message with one to three changes. */
    Message change(Message message) {
        Message.Builder root = message.toBuilder();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            List<Message.Builder> parts = new ArrayList<>();
            List<String> names = new ArrayList<>(words);
            collect(root, parts, names);
            change(parts.get(random.nextInt(parts.size())), names);
        }
        return root.build();
    }

    private static void collect(Message.Builder part, List<Message.Builder> parts, List<String> names) {
        parts.add(part);
        for (Map.Entry<FieldDescriptor, Object> e : part.getAllFields().entrySet()) {
            FieldDescriptor f = e.getKey();
            if (f.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                for (int i = 0; f.isRepeated() && i < part.getRepeatedFieldCount(f); i++) {
                    collect(part.getRepeatedFieldBuilder(f, i), parts, names);
                }
                if (!f.isRepeated()) {
                    collect(part.getFieldBuilder(f), parts, names);
                }
            } else if (f.getJavaType() == FieldDescriptor.JavaType.STRING) {
                if (f.isRepeated()) {
                    ((List<?>) e.getValue()).forEach(s -> names.add(s.toString()));
                } else {
                    names.add(e.getValue().toString());
                }
            }
        }
    }

    private void change(Message.Builder part, List<String> names) {
        List<FieldDescriptor> fields = new ArrayList<>(part.getAllFields().keySet());
        if (fields.isEmpty()) {
            return;
        }
        FieldDescriptor f = fields.get(random.nextInt(fields.size()));
        if (!f.isRepeated()) {
            if (f.getJavaType() == FieldDescriptor.JavaType.MESSAGE || random.nextInt(6) == 0) {
                part.clearField(f);
            } else {
                part.setField(f, other(f, part.getField(f), names));
            }
            return;
        }
        int count = part.getRepeatedFieldCount(f);
        int i = random.nextInt(count);
        switch (random.nextInt(4)) {
            case 0 -> {
                List<Object> rest = new ArrayList<>((List<?>) part.getField(f));
                rest.remove(i);
                part.setField(f, rest);
            }
            case 1 -> part.addRepeatedField(f, part.getRepeatedField(f, i));
            case 2 -> {
                Object first = part.getRepeatedField(f, i);
                int j = random.nextInt(count);
                part.setRepeatedField(f, i, part.getRepeatedField(f, j));
                part.setRepeatedField(f, j, first);
            }
            default -> {
                if (f.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                    part.setRepeatedField(f, i, other(f, part.getRepeatedField(f, i), names));
                }
            }
        }
    }

    private Object other(FieldDescriptor f, Object old, List<String> names) {
        return switch (f.getJavaType()) {
            case INT -> (int) number();
            case LONG -> number();
            case FLOAT -> FLOATS[random.nextInt(FLOATS.length)];
            case DOUBLE -> (double) FLOATS[random.nextInt(FLOATS.length)];
            case BOOLEAN -> random.nextBoolean();
            case STRING -> random.nextInt(20) == 0 ? "" : names.get(random.nextInt(names.size()));
            case BYTE_STRING -> bytes((ByteString) old);
            case ENUM -> {
                List<EnumValueDescriptor> values = f.getEnumType().getValues();
                yield values.get(random.nextInt(values.size()));
            }
            case MESSAGE -> throw new IllegalArgumentException(f + " is no scalar");
        };
    }

    private long number() {
        return random.nextInt(3) == 0 ? random.nextInt(24) - 4 : LONGS[random.nextInt(LONGS.length)];
    }

    private ByteString bytes(ByteString old) {
        if (old.isEmpty() || random.nextInt(3) == 0) {
            return old.concat(ByteString.copyFrom(new byte[] {(byte) random.nextInt()}));
        }
        byte[] changed = old.toByteArray();
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
        return random.nextBoolean() ? ByteString.copyFrom(changed) : old.substring(random.nextInt(old.size()));
    }
}
