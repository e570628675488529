package org.attention4j.tornado.machine;

import java.lang.foreign.MemorySegment;

/** Hands out memory as another machine would, and neither holds nor runs anything: to write programs that are never run. */
public final class PaperMachine extends Machine {
    private final Machine like;

    /** An empty machine with the limits of another. */
    public PaperMachine(Machine like) {
        super(new Traffic(false));
        this.like = like;
    }

    @Override
    public String device() {
        return like.device();
    }

    @Override
    public boolean isProcessor() {
        return like.isProcessor();
    }

    @Override
    protected long mostElements(Bank bank) {
        return like.mostElements(bank);
    }

    @Override
    protected long deviceBytes() {
        return like.deviceBytes();
    }

    @Override
    protected long mostBytes() {
        return like.mostBytes();
    }

    @Override
    protected void grow(Bank bank, int newCapacity) {}

    @Override
    protected void growBytes(int array, int newCapacity) {}

    @Override
    public boolean isPaper() {
        return true;
    }

    @Override
    public void write(int floatsAt, float[] newFloats, int intsAt, int[] newInts) {}

    @Override
    public void writeBytes(Place place, MemorySegment newBytes) {}

    @Override
    public void want(Kernel kernel, int array) {}

    @Override
    public Contents read(int floatsAt, int numFloats, int intsAt, int numInts) {
        throw new UnsupportedOperationException("a machine on paper holds nothing");
    }

    @Override
    public void launch(Kernel kernel, int array, int[] cursor, int items) {
        throw new UnsupportedOperationException("a machine on paper runs nothing");
    }

    @Override
    public void close() {}
}
