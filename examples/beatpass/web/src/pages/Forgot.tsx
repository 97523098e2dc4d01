export default function Forgot() {
  return <div className="page"><h1>Forgot</h1></div>;
}
